import type { OpenRecordings, RecordedStep, RecordingRunOptions } from '../../plugin/index.ts';
import type { Journal, Prepared } from '../recording/index.ts';
import type { TimelineRecorder } from '../timeline/index.ts';
import type { AnalyzeOptions } from './analyze-options.ts';
import { AnalyzeProgress } from './AnalyzeProgress.ts';
import { describeFinal } from './describe.ts';

export interface StepsOptions extends Pick<AnalyzeOptions, 'json' | 'quiet' | 'out'> {
  room: string;
  key: string;
  startedMs: number;
  journal: Journal | undefined;
  recorder: TimelineRecorder | undefined;
}

/**
 * Does what is left of an analysis, tells how far it is, and keeps what is done.
 *
 * @returns false where it was stopped by Ctrl-C
 */
export async function takeSteps(
  open: OpenRecordings,
  { participants }: Prepared,
  options: StepsOptions,
): Promise<boolean> {
  const { room, key, startedMs, journal, recorder, json, quiet, out } = options;
  const names = new Map(participants.map(({ participantId, name }) => [participantId, name]));
  const fromMs = journal?.resume?.untilMs ?? 0;
  if (fromMs > 0 && !quiet && !json) console.error('undertone: goes on where it was stopped');
  if (recorder && journal) for await (const event of journal.events()) addTo(recorder, [event]);
  const bar = { bar: !quiet && !json, lines: json && out !== undefined, fromMs };
  const progress = new AnalyzeProgress(open.lengthMs, bar);
  const interrupted = interruption();
  const steps = open.run({
    roomId: room,
    seed: key,
    startedMs,
    participants: participants.map(({ participantId, transcript }) => ({ participantId, transcript })),
    ...(journal?.resume && { resume: journal.resume }),
    ...(recorder && { trace: traceInto(recorder) }),
  });
  let printed = 0;
  /** Without a record of all events finals alone are given, numbered among themselves. */
  const given = (events: RecordedStep['events']) =>
    journal
      ? events
      : events.flatMap((event) => (event.type === 'emotion.final' ? [{ ...event, seq: ++printed }] : []));
  try {
    while (!journal?.isDone) {
      const next = await Promise.race([steps.next(), interrupted.promise]);
      if (next === 'interrupted') return false;
      if (next.done) break;
      const events = given(next.value.events);
      await journal?.add(next.value);
      progress.update(next.value.untilMs);
      if (recorder) addTo(recorder, events);
      if (out === undefined) print(events, options, names);
    }
    return true;
  } finally {
    interrupted.forget();
    progress.stop();
    await journal?.flush();
  }
}

function addTo(recorder: TimelineRecorder, events: RecordedStep['events']): void {
  for (const event of events) if (event.type === 'emotion.final') recorder.addResult(event);
}

function traceInto(recorder: TimelineRecorder): RecordingRunOptions['trace'] {
  return {
    batch: (participantId, batch) => recorder.addBatch(participantId, batch),
    interim: (event) => recorder.addResult(event),
  };
}

/** @param names shown where there are several */
function print(
  events: RecordedStep['events'],
  { json, startedMs }: StepsOptions,
  names: ReadonlyMap<string, string>,
): void {
  for (const event of events) {
    if (event.type !== 'emotion.final') continue;
    const who = names.size > 1 ? names.get(event.participantId) : undefined;
    console.log(json ? JSON.stringify(event) : describeFinal(event, event.span.startMs - startedMs, who));
  }
}

/** Ctrl-C, or a polite request to end. A second one ends the program at once, as without us. */
function interruption() {
  const { promise, resolve } = Promise.withResolvers<'interrupted'>();
  const listener = () => resolve('interrupted');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, listener);
  const forget = () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, listener);
  };
  return { promise, forget };
}
