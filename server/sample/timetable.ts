import type { VttCue } from '../../plugin/transcript/index.ts';
import type { IvfFrame } from './ivf.ts';
import type { OpusFrame } from './ogg-opus.ts';
import type { PacedItem } from './Pacer.ts';
import type { Recording } from './recording.ts';

/** What is to be done next, on a time line that begins with the call and runs on through its repetitions. */
export type TimetableItem = PacedItem &
  (
    | { kind: 'audio'; speaker: number; frame: OpusFrame }
    | { kind: 'video'; speaker: number; frame: IvfFrame }
    | { kind: 'report' }
    | { kind: 'caption'; speaker: number; cue: VttCue; id: string }
  );

/** From capture to the network, the same for sound and picture so that they stay together; a packet of sound is full then. */
export const SEND_DELAY_MS = 20;

const REPORT_INTERVAL_MS = 1000;

/** How long after a sentence its caption comes, as from a live captioner. */
export const CAPTION_DELAY_MS = 300;

/** The recording in sending order, once or without end. Cues of speakers that are not in the recording are left out. */
export function* timetable(recording: Recording, loop: boolean): Generator<TimetableItem, void, undefined> {
  const once = onePass(recording);
  for (let pass = 0; pass === 0 || loop; pass += 1) {
    const offsetMs = pass * recording.durationMs;
    for (const item of once) {
      yield { ...item, dueMs: item.dueMs + offsetMs, ...(item.kind === 'caption' && { id: `${pass + 1}-${item.id}` }) };
    }
  }
}

function onePass({ speakers, cues, durationMs }: Recording): TimetableItem[] {
  const items: TimetableItem[] = [];
  for (let dueMs = 0; dueMs < durationMs; dueMs += REPORT_INTERVAL_MS) items.push({ kind: 'report', dueMs });
  speakers.forEach(({ audio, video, displayName }, speaker) => {
    for (const frame of audio.frames)
      items.push({ kind: 'audio', speaker, frame, dueMs: frame.timeMs + SEND_DELAY_MS });
    for (const frame of video.frames)
      items.push({ kind: 'video', speaker, frame, dueMs: frame.timeMs + SEND_DELAY_MS });
    cues.forEach((cue, index) => {
      if (cue.speaker !== displayName) return;
      items.push({ kind: 'caption', speaker, cue, id: String(index + 1), dueMs: cue.endMs + CAPTION_DELAY_MS });
    });
  });
  return items
    .filter(({ dueMs }) => dueMs < durationMs)
    .concat(endOf(durationMs))
    .sort((a, b) => a.dueMs - b.dueMs);
}

/** Keeps the call open until its very end, where the last packet may come earlier. */
function endOf(durationMs: number): TimetableItem[] {
  return [{ kind: 'report', dueMs: durationMs }];
}
