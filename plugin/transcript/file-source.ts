import { setTimeout as wait } from 'node:timers/promises';
import { parseTranscript } from './files/parse-transcript.ts';
import type { TranscriptCue, TranscriptSegment, TranscriptSource, TranscriptWord } from './TranscriptTypes.ts';

export interface FileSourceOptions {
  /** Who is meant by the file's name for a voice; `undefined` leaves the cue out, for nobody is guessed. */
  participantOf: (speaker: string | undefined) => string | undefined;
  /** Wall time of the file's zero. @default when the segments are first asked for */
  startMs?: number;
  /** Give each cue when it has been spoken, rather than all at once. @default true */
  paced?: boolean;
  /** BCP 47, where the file does not say it. */
  lang?: string;
  /** @default Date.now */
  now?: () => number;
}

/**
 * A transcript file (WebVTT, SRT, or JSON of Whisper, whisper.cpp, Vexa, Deepgram or Amazon Transcribe) as segments in wall
 * time, in the order in which they end.
 *
 * @param text the file
 * @throws TranscriptFileError naming the line or the field that is wrong, or the formats that are known
 * @example
 * const text = await readFile('meeting.json', 'utf8');
 * observer.addTranscriptSource(fileSource(text, { participantOf: (speaker) => idsByName[speaker ?? ''] }));
 */
export function fileSource(text: string, options: FileSourceOptions): TranscriptSource {
  const { format, cues } = parseTranscript(text);
  return cueSource(format.toLowerCase().replace(/\W+/g, '-'), cues, options);
}

/** Cues as a source. */
export function cueSource(
  name: string,
  unsorted: readonly TranscriptCue[],
  options: FileSourceOptions,
): TranscriptSource {
  const cues = [...unsorted].sort((a, b) => a.endMs - b.endMs);
  const { participantOf, paced = true, lang, now = Date.now } = options;
  return {
    name,
    async *segments(signal) {
      const startMs = options.startMs ?? now();
      for (const [index, cue] of cues.entries()) {
        const participantId = participantOf(cue.speaker);
        if (participantId === undefined) continue;
        if (paced && !(await waited(startMs + cue.endMs - now(), signal))) return;
        if (signal.aborted) return;
        const segmentId = `${name}-${cue.id ?? index}`;
        const spoken = cue.lang ?? lang;
        yield { participantId, segmentId, ...segmentOf(cue, startMs), ...(spoken !== undefined && { lang: spoken }) };
      }
    },
  };
}

function segmentOf(cue: TranscriptCue, byMs: number): Omit<TranscriptSegment, 'participantId' | 'segmentId'> {
  const { text, startMs, endMs, words, final = true } = cue;
  const shift = (word: TranscriptWord): TranscriptWord => ({
    text: word.text,
    startMs: word.startMs + byMs,
    endMs: word.endMs + byMs,
  });
  return {
    text,
    final,
    clock: 'wall',
    startMs: startMs + byMs,
    endMs: endMs + byMs,
    ...(words && { words: words.map(shift) }),
  };
}

/** The longest that a timer can wait. */
const MAX_WAIT_MS = 2 ** 31 - 1;

/** @returns false when the signal came first */
async function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms <= 0) return !signal.aborted;
  try {
    await wait(Math.min(ms, MAX_WAIT_MS), undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
