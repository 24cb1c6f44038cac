/** Recordings of people reading aloud, whose words have known times: what the benchmark measures against. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOpusDecoder, OPUS_SAMPLE_RATE } from '../../../plugin/analyzer/media/index.ts';
import { readRecording } from '../../../server/sample/index.ts';

export const SAMPLE_RATE = OPUS_SAMPLE_RATE;

export interface Word {
  readonly text: string;
  /** From the start of the sound. */
  readonly startMs: number;
  readonly endMs: number;
}

/** One stretch of speech with a little of the silence around it. */
export interface Phrase {
  readonly name: string;
  /** Mono, 16 kHz. */
  readonly pcm: Float32Array;
  /** In the order of time; the speech is from the first one's start to the last one's end. */
  readonly words: readonly Word[];
}

export interface Material {
  readonly source: string;
  readonly phrases: readonly Phrase[];
  /** What the room sounds like when nobody speaks: fills the pauses. */
  readonly room: Float32Array;
}

const LIBRIVOX = join(import.meta.dirname, '../../../../shared/media/librivox');
/** Stands for the sample call in the place of a folder. */
export const SAMPLE = 'sample';
/** A pause inside a recording from which on it can be cut in two. */
const CUT_MS = 40;
/** Silence of a recording is taken for the room from so far off its words. */
const ROOM_MARGIN_MS = 40;

/**
 * The recordings of a folder; where there is none, or for `sample`, the sample call, whose words are known by construction.
 *
 * @param directory WAV files of 16 kHz, 16 bit, mono, and JSON of the same names with the words' times in s
 */
export async function readMaterial(directory = LIBRIVOX): Promise<Material> {
  if (directory === SAMPLE || !existsSync(directory)) return readSampleCall();
  const names = readdirSync(directory)
    .filter((file) => file.endsWith('.wav'))
    .map((file) => file.slice(0, -4))
    .sort();
  const phrases = names.map((name) => readAligned(directory, name));
  return {
    source: 'LibriVox',
    phrases: phrases.flatMap((phrase) => [phrase, ...partsOf(phrase)]),
    room: concatenate(phrases.flatMap(({ pcm, words }) => [pcm.slice(0, at(words[0]!.startMs - ROOM_MARGIN_MS))])),
  };
}

/** A 16 kHz, 16 bit, mono WAV file and the words that a forced alignment found in it (s, in the JSON of the same name). */
function readAligned(directory: string, name: string): Phrase {
  const wav = readFileSync(join(directory, `${name}.wav`));
  const data = wav.indexOf('data');
  const samples = new Int16Array(Uint8Array.from(wav.subarray(data + 8, data + 8 + wav.readUInt32LE(data + 4))).buffer);
  const aligned = JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8').split('\n')[0]!) as {
    w: { b: number; d: number; t: string }[];
  };
  return {
    name: name.slice(-4),
    pcm: Float32Array.from(samples, (sample) => sample / 32_768),
    words: aligned.w
      .filter(({ t }) => !/^[<[]/.test(t))
      .map(({ b, d, t }) => ({ text: t.replace(/\(\d+\)$/, ''), startMs: b * 1000, endMs: (b + d) * 1000 })),
  };
}

/** The stretches between pauses inside a recording, each a phrase of its own; none where there is no such pause. */
function partsOf({ name, pcm, words }: Phrase): Phrase[] {
  const cuts = words.flatMap(({ startMs }, i) => (i > 0 && startMs - words[i - 1]!.endMs >= CUT_MS - 1 ? [i] : []));
  if (cuts.length === 0) return [];
  const starts = [0, ...cuts];
  return starts.map((first, i) => {
    const last = (starts[i + 1] ?? words.length) - 1;
    const middle = (left: number): number => (words[left]!.endMs + words[left + 1]!.startMs) / 2;
    const fromMs = first === 0 ? 0 : middle(first - 1);
    const toMs = last === words.length - 1 ? pcm.length / (SAMPLE_RATE / 1000) : middle(last);
    return {
      name: `${name}.${i + 1}`,
      pcm: pcm.slice(at(fromMs), at(toMs)),
      words: words
        .slice(first, last + 1)
        .map(({ text, startMs, endMs }) => ({ text, startMs: startMs - fromMs, endMs: endMs - fromMs })),
    };
  });
}

/** Every turn of the sample call: cues of a speaker that follow each other closely. */
async function readSampleCall(): Promise<Material> {
  const { speakers, cues } = await readRecording();
  const phrases: Phrase[] = [];
  for (const { displayName, audio } of speakers) {
    const decoder = await createOpusDecoder();
    const sound = concatenate(audio.frames.map(({ packet }) => decoder.decode(packet)));
    decoder.close();
    const originMs = audio.frames[0]!.timeMs;
    let turn: Word[] = [];
    const end = (): void => {
      if (turn.length === 0) return;
      const fromMs = turn[0]!.startMs - 150;
      const toMs = turn.at(-1)!.endMs + 150;
      phrases.push({
        name: `${displayName}.${phrases.length + 1}`,
        pcm: sound.slice(at(fromMs - originMs), at(toMs - originMs)),
        words: turn.map(({ text, startMs, endMs }) => ({ text, startMs: startMs - fromMs, endMs: endMs - fromMs })),
      });
      turn = [];
    };
    for (const cue of cues.filter(({ speaker }) => speaker === displayName)) {
      if (turn.length > 0 && cue.startMs - turn.at(-1)!.endMs > 300) end();
      turn.push(...(cue.words ?? [{ text: cue.text, startMs: cue.startMs, endMs: cue.endMs }]));
    }
    end();
  }
  return { source: 'sample call', phrases, room: new Float32Array(SAMPLE_RATE / 10) };
}

function at(ms: number): number {
  return Math.max(0, Math.round((ms * SAMPLE_RATE) / 1000));
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
