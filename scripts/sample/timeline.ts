import { displayNames, lines, tailMs, voices, type Feeling, type SpeakerId } from './script.ts';
import { speak, type Phone, type SpokenSentence } from './voice.ts';

/** A line in its place; all times in ms from the start of the call. */
export interface PlacedLine {
  speaker: SpeakerId;
  feeling: Feeling;
  reactions: Partial<Record<SpeakerId, Feeling>>;
  startMs: number;
  endMs: number;
  wavPath: string;
  /** Loudness relative to the other lines. */
  gainDb: number;
  phones: Phone[];
  sentences: SpokenSentence[];
}

export interface Timeline {
  durationMs: number;
  lines: PlacedLine[];
}

/** Whole frames of audio (20 ms) and of video (15 a second). */
const GRID_MS = 200;

/** Speaks every line and puts one after the other. */
export async function makeTimeline(directory: string): Promise<Timeline> {
  const placed: PlacedLine[] = [];
  let clockMs = 0;
  for (const [index, line] of lines.entries()) {
    const spoken = await speak(line.sentences, voices[line.speaker], line.delivery, directory, `line-${index}`);
    const startMs = clockMs + line.pauseMs;
    const shift = <T extends { startMs: number; endMs: number }>(span: T): T => ({
      ...span,
      startMs: span.startMs + startMs,
      endMs: span.endMs + startMs,
    });
    clockMs = startMs + spoken.durationMs;
    placed.push({
      speaker: line.speaker,
      feeling: line.feeling,
      reactions: line.reactions ?? {},
      startMs,
      endMs: clockMs,
      wavPath: spoken.wavPath,
      gainDb: line.delivery.gainDb,
      phones: spoken.phones.map(shift),
      sentences: spoken.sentences.map((sentence) => ({ ...shift(sentence), words: sentence.words.map(shift) })),
    });
  }
  return { durationMs: Math.ceil((clockMs + tailMs) / GRID_MS) * GRID_MS, lines: placed };
}

/** The call as WebVTT: one cue per sentence, the speaker as voice tag, word times inside (W3C WebVTT, 3.2). */
export function toWebVtt(timeline: Timeline): string {
  const cues = timeline.lines.flatMap((line) =>
    line.sentences.map((sentence) => {
      const [first, ...others] = sentence.words;
      const text = [first?.text ?? '', ...others.map((word) => `<${stamp(word.startMs)}>${word.text}`)].join(' ');
      const span = `${stamp(sentence.startMs)} --> ${stamp(sentence.endMs)}`;
      return `${span}\n<v ${displayNames[line.speaker]}>${text}</v>\n`;
    }),
  );
  return ['WEBVTT\n', ...cues].join('\n');
}

function stamp(ms: number): string {
  const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
  const whole = Math.round(ms);
  const seconds = Math.floor(whole / 1000);
  return `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}.${pad(whole % 1000, 3)}`;
}
