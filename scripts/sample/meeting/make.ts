import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRecordings } from '../../../plugin/index.ts';
import type { EmotionFinal, EmotionInterim, UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { CONTRACT_VERSION } from '../../../plugin/events/contract/v1/version.ts';
import { PACKAGE_DIR } from '../../../plugin/paths.ts';
import { transcriptSegments } from '../../../plugin/recording/transcript-segments.ts';
import { SAMPLE_MEDIA_DIR } from '../../../server/sample/index.ts';
import { sampleMeetingSources, type SampleMeetingFile } from '../../../server/sample/meetingFile.ts';

const MEETING_ID = 'sample';
const ROOM_ID = 'sample-call';
/** The call is of the morning after a launch; the same one each time, so that a new file differs in nothing else. */
const START_MS = Date.UTC(2026, 0, 5, 9, 0);

interface Call {
  title: string;
  durationMs: number;
  transcript: string;
  speakers: { id: string; displayName: string; audio: string; video: string }[];
}

/** Runs the sample call's recordings through the analyzer, as `undertone analyze` does. */
export async function makeSampleMeeting(): Promise<SampleMeetingFile> {
  const path = (name: string) => join(SAMPLE_MEDIA_DIR, name);
  const call = JSON.parse(await readFile(path('call.json'), 'utf8')) as Call;
  const captions = await readFile(path(call.transcript), 'utf8');
  const inputs = call.speakers.map(({ audio, video }) => ({
    sound: { path: path(audio) },
    video: { path: path(video) },
  }));
  const recording = await openRecordings(inputs, { model: 'open', provider: 'cpu' }, true);
  try {
    const events: UndertoneEvent[] = [];
    const steps = recording.run({
      roomId: ROOM_ID,
      startedMs: START_MS,
      participants: call.speakers.map(({ id, displayName }) => ({
        participantId: id,
        transcript: transcriptSegments(captions, id, displayName),
      })),
      trace: { batch: () => undefined, interim: (event) => events.push(rounded(event)) },
    });
    for await (const step of steps) {
      for (const event of step.events) events.push(event.type === 'emotion.final' ? rounded(event) : event);
    }
    const { id, version } = recording.model;
    return {
      about: {
        meetingId: MEETING_ID,
        roomId: ROOM_ID,
        title: call.title,
        startMs: START_MS,
        endMs: START_MS + Math.ceil(recording.lengthMs),
        labels: labelsOf(events),
        model: { id, version },
        contract: CONTRACT_VERSION,
        software: (JSON.parse(readFileSync(join(PACKAGE_DIR, 'package.json'), 'utf8')) as { version: string }).version,
        participants: call.speakers.map(({ id: participantId, displayName }) => ({ participantId, displayName })),
        madeFrom: await sampleMeetingSources(),
      },
      events: inOrder(events),
    };
  } finally {
    recording.close();
  }
}

/** Interim results are told beside the steps: they take their place by their time, before what ends the utterance. */
function inOrder(events: readonly UndertoneEvent[]): UndertoneEvent[] {
  return [...events].sort((a, b) => a.atMs - b.atMs || numberOf(a) - numberOf(b));
}

const numberOf = (event: UndertoneEvent) => ('seq' in event ? event.seq : 0);

/** How long it took is of one run on one machine: whole milliseconds say enough. */
function rounded<T extends EmotionFinal | EmotionInterim>(event: T): T {
  const { queuedMs, inferMs, endToEndMs, batch } = event.timing;
  const ms = Math.round;
  return { ...event, timing: { queuedMs: ms(queuedMs), inferMs: ms(inferMs), endToEndMs: ms(endToEndMs), batch } };
}

function labelsOf(events: readonly UndertoneEvent[]): { id: string; labels: string[] } {
  const final = events.find((event) => event.type === 'emotion.final');
  if (!final) throw new Error('nothing was said in the sample call');
  return { id: final.labelSet.id, labels: final.labels.map(({ name }) => name).sort() };
}
