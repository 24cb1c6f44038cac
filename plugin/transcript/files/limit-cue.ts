import { MAX_SEGMENT_CHARACTERS, MAX_SEGMENT_WORDS, MAX_WORD_CHARACTERS } from '../push-source.ts';
import type { TranscriptCue, TranscriptWord } from '../TranscriptTypes.ts';

/** Cues of no more characters and words than a segment may have: a longer one is cut into several, in time as well. */
export function limitCue(cue: TranscriptCue): TranscriptCue[] {
  const words = cue.words?.flatMap(limitWord);
  if (cue.text.length <= MAX_SEGMENT_CHARACTERS && (words?.length ?? 0) <= MAX_SEGMENT_WORDS) {
    return [words ? { ...cue, words } : cue];
  }
  const parts = words ? partsOfWords(words) : partsOfText(cue);
  return parts.map((part, index) => ({
    ...cue,
    words: undefined,
    ...part,
    ...(cue.id !== undefined && { id: `${cue.id}/${index}` }),
  }));
}

type Part = Pick<TranscriptCue, 'text' | 'startMs' | 'endMs' | 'words'>;

function partsOfWords(words: readonly TranscriptWord[]): Part[] {
  const parts: TranscriptWord[][] = [];
  let characters = 0;
  for (const word of words) {
    characters += word.text.length + 1;
    const part = parts.at(-1);
    if (part && part.length < MAX_SEGMENT_WORDS && characters <= MAX_SEGMENT_CHARACTERS) {
      part.push(word);
    } else {
      parts.push([word]);
      characters = word.text.length + 1;
    }
  }
  return parts.map((part) => ({
    text: part.map(({ text }) => text).join(' '),
    startMs: part[0]!.startMs,
    endMs: Math.max(...part.map(({ endMs }) => endMs)),
    words: part,
  }));
}

/** At spaces where there are any; the time goes by the number of characters. */
function partsOfText({ text, startMs, endMs }: TranscriptCue): Part[] {
  const parts: Part[] = [];
  const timeOf = (at: number): number => startMs + ((endMs - startMs) * at) / text.length;
  for (let from = 0; from < text.length;) {
    const space = text.lastIndexOf(' ', from + MAX_SEGMENT_CHARACTERS);
    const rest = text.length - from <= MAX_SEGMENT_CHARACTERS;
    const to = rest ? text.length : space > from ? space + 1 : from + MAX_SEGMENT_CHARACTERS;
    parts.push({ text: text.slice(from, to).trim(), startMs: timeOf(from), endMs: timeOf(to) });
    from = to;
  }
  return parts.filter((part) => part.text !== '');
}

/** What is longer than any word is several, one after the other. */
function limitWord(word: TranscriptWord): TranscriptWord[] {
  if (word.text.length <= MAX_WORD_CHARACTERS) return [word];
  const { text, startMs, endMs } = word;
  const count = Math.ceil(text.length / MAX_WORD_CHARACTERS);
  const eachMs = (endMs - startMs) / count;
  return Array.from({ length: count }, (_, i) => ({
    text: text.slice(i * MAX_WORD_CHARACTERS, (i + 1) * MAX_WORD_CHARACTERS),
    startMs: startMs + i * eachMs,
    endMs: startMs + (i + 1) * eachMs,
  }));
}
