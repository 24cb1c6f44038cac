import { parseArgs } from 'node:util';
import { createWorker } from 'mediasoup';
import { createUndertone, type EmotionObserver, type UndertoneEvent } from '../../plugin/index.ts';
import { utteranceOptions } from '../../plugin/options.ts';
import { createSampleCall } from '../sample/index.ts';
import { sampleRelease } from '../sample/sampleRelease.ts';
import { mediaCodecs } from '../sfu/mediaCodecs.ts';
import { pendingUtterances } from '../sfu/pendingUtterances.ts';
import { TimelineRecorder } from '../timeline/index.ts';
import { describeFinal } from './describe.ts';
import { labelsOf } from './labels.ts';
import { checkTimelinePath, writeTimeline } from './timeline-output.ts';

const HELP = `Usage: undertone demo [OPTIONS]

Plays the sample call into a real SFU, analyses it as it would any call, and prints an event a line until it ends.

  --labels A,B,C        labels to ask for, or the name of a shipped set (default: big6)
  --model NAME          model under models/weights, or a folder (default: open)
  --provider NAME       auto, cuda, tensorrt, webgpu or cpu (default: auto)
  --timeline FILE.html  write a page that shows what the windows did with everybody over time
  --json                every event as one JSON object a line (contract v1)
  --help                this text`;

/** How long the last results may take after the last sound. */
const LAST_RESULTS_MS = 5_000;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      labels: { type: 'string' },
      model: { type: 'string' },
      provider: { type: 'string' },
      timeline: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.timeline !== undefined) await checkTimelinePath(values.timeline);
  const undertone = await createUndertone({ model: values.model, provider: values.provider as never });
  const worker = await createWorker({ logLevel: 'error' });
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  try {
    const router = await worker.createRouter({ mediaCodecs });
    const observer = await undertone.attachRouter(router, {
      roomId: 'sample',
      resolveParticipant: (producer) => producer.appData['participantId'] as string,
      labels: values.labels === undefined ? undefined : labelsOf(values.labels),
      // Nobody comes back to this room: small numbers read better.
      firstSeq: 1,
    });
    const call = await createSampleCall({ router });
    const names = new Map(call.speakers.map(({ participantId, displayName }) => [participantId, displayName]));
    const startMs = Date.now();
    // What was told while the observer was being attached comes first.
    for (const event of observer.since(0)) print(event, values.json, startMs, names);
    observer.on('event', (event) => print(event, values.json, startMs, names));
    // Nobody stands behind these voices, so the host may say yes for them.
    for (const id of names.keys())
      observer.consent.set(id, { audio: true, video: true, text: true }, { by: 'host', release: sampleRelease() });
    const recorder = new TimelineRecorder();
    if (values.timeline !== undefined) record(recorder, observer, names);
    call.on('transcript', (segment) => observer.pushTranscript(segment));
    const pending = pendingUtterances(observer);
    const ended = new Promise<void>((resolve) => call.once('ended', resolve));
    if (!values.json) console.log(`${call.title}: ${[...names.values()].join(', ')}; ${call.durationMs / 1000} s`);
    await call.start();
    await Promise.race([ended.then(() => pending.settled(LAST_RESULTS_MS)), interrupted]);
    await call.stop();
    if (values.timeline !== undefined) {
      const about = { title: call.title, startMs, utterance: utteranceOptions.parse({}) };
      await writeTimeline(values.timeline, recorder.file(about));
    }
  } finally {
    await undertone.close();
    worker.close();
  }
  return 0;
}

/** Gathers what the windows do with everybody, and all results. */
function record(recorder: TimelineRecorder, observer: EmotionObserver, names: ReadonlyMap<string, string>): void {
  for (const [participantId, name] of names) {
    recorder.addParticipant(participantId, name);
    observer.trace(participantId, { batch: (batch) => recorder.addBatch(participantId, batch) });
  }
  observer.on('emotion.interim', (event) => recorder.addResult(event));
  observer.on('emotion.final', (event) => recorder.addResult(event));
}

function print(event: UndertoneEvent, json: boolean, startMs: number, names: ReadonlyMap<string, string>): void {
  if (json) console.log(JSON.stringify(event));
  else if (event.type === 'emotion.final') {
    console.log(describeFinal(event, event.span.startMs - startMs, names.get(event.participantId)));
  } else if (event.type === 'analysis.state' || event.type === 'overload' || event.type === 'error') {
    console.log(
      `        ${event.type}: ${'state' in event ? event.state : 'level' in event ? event.level : event.message}`,
    );
  }
}
