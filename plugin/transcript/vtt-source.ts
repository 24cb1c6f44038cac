import { setTimeout as wait } from 'node:timers/promises';
import type { TranscriptSegment, TranscriptSource, TranscriptWord } from './TranscriptTypes.ts';
import { parseVtt, type VttCue } from './vtt.ts';

export interface VttSourceOptions {
  /** Who is meant by the name in `<v Name>`; `undefined` leaves the cue out, for nobody is guessed. */
  participantOf: (speaker: string | undefined) => string | undefined;
  /** Wall time of the file's zero. @default when the segments are first asked for */
  startMs?: number;
  /** Give each cue when it has been spoken, rather than all at once. @default true */
  paced?: boolean;
  /** BCP 47. */
  lang?: string;
  /** @default Date.now */
  now?: () => number;
}

/**
 * The cues of a WebVTT file as final segments in wall time.
 *
 * @param text the file
 * @throws VttError when it is no WebVTT
 * @example
 * observer.addTranscriptSource(vttSource(text, { participantOf: (speaker) => idsByName[speaker ?? ''] }));
 */
export function vttSource(text: string, options: VttSourceOptions): TranscriptSource {
  const cues = parseVtt(text).sort((a, b) => a.endMs - b.endMs);
  const { participantOf, paced = true, lang, now = Date.now } = options;
  return {
    name: 'webvtt',
    async *segments(signal) {
      const startMs = options.startMs ?? now();
      for (const [index, cue] of cues.entries()) {
        const participantId = participantOf(cue.speaker);
        if (participantId === undefined) continue;
        if (paced && !(await waited(startMs + cue.endMs - now(), signal))) return;
        if (signal.aborted) return;
        const segment = segmentOf(cue, startMs);
        yield { ...segment, participantId, segmentId: `webvtt-${index}`, ...(lang !== undefined && { lang }) };
      }
    },
  };
}

function segmentOf(cue: VttCue, byMs: number): Omit<TranscriptSegment, 'participantId' | 'segmentId'> {
  const { text, startMs, endMs, words } = cue;
  const shift = (word: TranscriptWord): TranscriptWord => ({
    text: word.text,
    startMs: word.startMs + byMs,
    endMs: word.endMs + byMs,
  });
  return {
    text,
    final: true,
    clock: 'wall',
    startMs: startMs + byMs,
    endMs: endMs + byMs,
    ...(words && { words: words.map(shift) }),
  };
}

/** @returns false when the signal came first */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms <= 0) return !signal.aborted;
  try {
    await wait(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
