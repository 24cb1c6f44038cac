/** What one participant says in the benchmark: phrases one after the other, with pauses in between. */
import { seededRandom } from '../../random.ts';
import { shuffle } from './shuffle.ts';
import { SAMPLE_RATE, type Material, type Phrase, type Word } from './recordings.ts';

export interface Line {
  readonly name: string;
  /** From the start of the script. */
  readonly startMs: number;
  readonly endMs: number;
  readonly words: readonly Word[];
}

export interface Script {
  readonly pcm: Float32Array;
  readonly lines: readonly Line[];
  readonly durationMs: number;
}

export interface ScriptOptions {
  seed: number;
  /** Pauses between phrases, drawn evenly. */
  pauseMs: readonly [shortest: number, longest: number];
  /** Leave it at so many phrases. @default all */
  maxPhrases?: number;
  /** Silence at the start, in which the clocks meet. @default 1500 */
  leadMs?: number;
}

/** Voices are made up to so much louder or softer. */
const GAIN_DB = 6;
const FADE_SAMPLES = SAMPLE_RATE / 200;

/** Each phrase of the material once, in an order and with pauses and levels of the seed. */
export function writeScript(material: Material, options: ScriptOptions): Script {
  const { seed, pauseMs, maxPhrases = Infinity, leadMs = 1500 } = options;
  const random = seededRandom(seed);
  const chosen = shuffle(material.phrases, random).slice(0, maxPhrases);
  const gain = 10 ** (((random() * 2 - 1) * GAIN_DB) / 20);
  const parts: Float32Array[] = [room(material, leadMs, random)];
  const lines: Line[] = [];
  let samples = parts[0]!.length;
  for (const phrase of chosen) {
    lines.push(lineOf(phrase, samples / (SAMPLE_RATE / 1000)));
    const [shortest, longest] = pauseMs;
    const pause = room(material, shortest + random() * (longest - shortest), random);
    parts.push(faded(phrase.pcm), pause);
    samples += phrase.pcm.length + pause.length;
  }
  const pcm = new Float32Array(samples);
  let offset = 0;
  for (const part of parts) {
    part.forEach((sample, i) => (pcm[offset + i] = Math.max(-1, Math.min(1, sample * gain))));
    offset += part.length;
  }
  return { pcm, lines, durationMs: samples / (SAMPLE_RATE / 1000) };
}

function lineOf({ name, words }: Phrase, atMs: number): Line {
  const placed = words.map(({ text, startMs, endMs }) => ({ text, startMs: atMs + startMs, endMs: atMs + endMs }));
  return { name, words: placed, startMs: placed[0]!.startMs, endMs: placed.at(-1)!.endMs };
}

/** So much of the room, from anywhere in it. */
function room({ room: sound }: Material, lengthMs: number, random: () => number): Float32Array {
  const length = Math.round((lengthMs * SAMPLE_RATE) / 1000);
  const from = Math.floor(random() * sound.length);
  return Float32Array.from({ length }, (_, i) => sound[(from + i) % sound.length] ?? 0);
}

/** Cut sound begins and ends without a click. */
function faded(pcm: Float32Array): Float32Array {
  const last = pcm.length - 1;
  return pcm.map((sample, i) => sample * Math.min(1, i / FADE_SAMPLES, (last - i) / FADE_SAMPLES));
}
