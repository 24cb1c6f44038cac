import { join } from 'node:path';
import { alignWords } from './align.ts';
import { run } from './run.ts';
import type { Delivery } from './script.ts';

/** One speech sound; times in ms from the start of the audio file. */
export interface Phone {
  name: string;
  startMs: number;
  endMs: number;
}

export interface SpokenWord {
  text: string;
  startMs: number;
  endMs: number;
}

export interface SpokenSentence {
  text: string;
  startMs: number;
  endMs: number;
  words: SpokenWord[];
}

export interface SpokenLine {
  /** 48 kHz mono WAV. */
  wavPath: string;
  durationMs: number;
  phones: Phone[];
  sentences: SpokenSentence[];
}

/** Speaks one line with Flite and gives the audio, its phones and the times of its words. */
export async function speak(
  sentences: string[],
  voice: string,
  delivery: Delivery,
  directory: string,
  name: string,
): Promise<SpokenLine> {
  const raw = join(directory, `${name}.raw.wav`);
  const wavPath = join(directory, `${name}.wav`);
  const printed = await run('flite', [
    '-voice',
    voice,
    '--setf',
    `int_f0_target_mean=${delivery.f0MeanHz}`,
    '--setf',
    `int_f0_target_stddev=${delivery.f0SpreadHz}`,
    '--setf',
    `duration_stretch=${delivery.stretch}`,
    '-psdur',
    '-t',
    sentences.join(' '),
    '-o',
    raw,
  ]);
  const spoken = parsePhones(printed);
  const voiced = spoken.filter((phone) => phone.name !== 'pau');
  const first = voiced[0];
  const last = voiced.at(-1);
  if (!first || !last) throw new Error(`flite spoke nothing for "${sentences.join(' ')}"`);

  const leadMs = 60;
  const offsetMs = first.startMs - leadMs;
  const durationMs = last.endMs + 150 - offsetMs;
  await run('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-ss',
    String(offsetMs / 1000),
    '-t',
    String(durationMs / 1000),
    '-i',
    raw,
    '-af',
    effects(delivery, durationMs),
    '-ar',
    '48000',
    '-ac',
    '1',
    wavPath,
  ]);

  const phones = spoken
    .map((phone) => ({ ...phone, startMs: phone.startMs - offsetMs, endMs: phone.endMs - offsetMs }))
    .filter((phone) => phone.endMs > 0);
  const tokens = sentences.map((sentence) => sentence.split(' '));
  const words = await alignWords(
    tokens.flat(),
    phones.filter((phone) => phone.name !== 'pau'),
    (word) => phonesOf(word, voice),
  );
  let next = 0;
  return {
    wavPath,
    durationMs,
    phones,
    sentences: sentences.map((text, index) => {
      const mine = words.slice(next, next + (tokens[index]?.length ?? 0));
      next += mine.length;
      return { text, startMs: mine[0]?.startMs ?? 0, endMs: mine.at(-1)?.endMs ?? 0, words: mine };
    }),
  };
}

/** Evenness, brightness and the small room around the voice. */
function effects(delivery: Delivery, durationMs: number): string {
  const fadeAt = Math.max(0, durationMs - 60) / 1000;
  return [
    'highpass=f=70',
    'dynaudnorm=f=300:g=5:p=0.5:m=4',
    `treble=g=${delivery.brightnessDb}:f=2000`,
    'equalizer=f=300:t=q:w=1:g=-2',
    'aecho=0.9:0.9:17|29|43:0.10|0.07|0.05',
    `afade=t=in:d=0.02,afade=t=out:st=${fadeAt}:d=0.06`,
  ].join(',');
}

async function phonesOf(word: string, voice: string): Promise<string[]> {
  const printed = await run('flite', ['-voice', voice, '-ps', '-t', word, '-o', 'none']);
  return printed.split(/\s+/).filter((name) => name !== '' && name !== 'pau');
}

function parsePhones(printed: string): Phone[] {
  let startMs = 0;
  return printed
    .trim()
    .split(/\s+/)
    .map((item) => {
      const [name = '', end = ''] = item.split(':');
      const phone = { name, startMs, endMs: Math.round(Number(end) * 1000) };
      startMs = phone.endMs;
      return phone;
    });
}
