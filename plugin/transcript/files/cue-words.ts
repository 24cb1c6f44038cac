import { oneLine } from '../one-line.ts';
import type { TranscriptCue, TranscriptWord } from '../TranscriptTypes.ts';

export interface SpokenWord extends TranscriptWord {
  speaker?: string;
}

/** Between words further apart than this, a new cue begins. */
const PAUSE_MS = 1000;
const MAX_CUE_WORDS = 60;

/** Words as cues: a new one where the voice changes, after a pause of a second, and after 60 words. */
export function cuesOfWords(words: readonly SpokenWord[], rest: Pick<TranscriptCue, 'lang'> = {}): TranscriptCue[] {
  const runs: SpokenWord[][] = [];
  for (const word of soundWords(words)) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const follows = last?.speaker === word.speaker && word.startMs - (last?.endMs ?? 0) <= PAUSE_MS;
    if (run && follows && run.length < MAX_CUE_WORDS) run.push(word);
    else runs.push([word]);
  }
  return runs.map((run) => ({
    startMs: run[0]!.startMs,
    endMs: Math.max(...run.map(({ endMs }) => endMs)),
    text: run.map(({ text }) => text).join(' '),
    words: run.map(plain),
    ...(run[0]!.speaker !== undefined && { speaker: run[0]!.speaker }),
    ...rest,
  }));
}

/** The words of a cue: in order, on one line each, none empty, none that ends before it starts. */
export function soundWords<W extends TranscriptWord>(words: readonly W[]): W[] {
  return words
    .map((word) => ({ ...word, text: oneLine(word.text), endMs: Math.max(word.endMs, word.startMs) }))
    .filter(({ text }) => text !== '')
    .sort((a, b) => a.startMs - b.startMs);
}

/** A cue with its words, where it has any; undefined where nothing is said in it. */
export function cueOf(
  cue: Omit<TranscriptCue, 'words'>,
  words: readonly TranscriptWord[] | undefined,
): TranscriptCue | undefined {
  const sound = soundWords(words ?? []).map(plain);
  const text = oneLine(cue.text) || sound.map((word) => word.text).join(' ');
  if (text === '') return undefined;
  const endMs = Math.max(cue.startMs, cue.endMs);
  return { ...cue, text, endMs, ...(sound.length > 0 && { words: sound }) };
}

function plain({ text, startMs, endMs }: TranscriptWord): TranscriptWord {
  return { text, startMs, endMs };
}
