import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readWav, WavError } from '../../plugin/analyzer/recording/index.ts';
import { wavFile, type WavOptions } from '../support/wav-file.ts';

const SECONDS = 0.5;

function tone(rate: number, hz = 440): Float32Array {
  return Float32Array.from({ length: rate * SECONDS }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rate));
}

/** Amplitude of one frequency in 16 kHz samples, away from the edges. */
function amplitude(samples: Float32Array, hz: number): number {
  const middle = samples.subarray(1_600, 6_400);
  let re = 0;
  let im = 0;
  middle.forEach((sample, i) => {
    re += sample * Math.cos((2 * Math.PI * hz * i) / 16_000);
    im += sample * Math.sin((2 * Math.PI * hz * i) / 16_000);
  });
  return (2 * Math.hypot(re, im)) / middle.length;
}

const FORMATS: WavOptions[] = [8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000].flatMap((rate) =>
  [1, 2].flatMap((channels) => [
    { rate, channels, bits: 16 as const },
    { rate, channels, bits: 24 as const, extensible: true },
    { rate, channels, bits: 32 as const },
    { rate, channels, bits: 32 as const, float: true },
  ]),
);

for (const options of FORMATS) {
  const { rate, channels, bits, float, extensible } = options;
  const name = `${rate} Hz, ${channels} ch, ${bits} bit${float ? ' float' : ''}${extensible ? ' extensible' : ''}`;
  test(`a tone comes out at 16 kHz with its length, pitch and level: ${name}`, async () => {
    const samples = await readWav(wavFile(tone(rate), options));
    assert.ok(Math.abs(samples.length - 16_000 * SECONDS) <= 1, `${samples.length} samples`);
    assert.ok(Math.abs(amplitude(samples, 440) - 0.5) < 0.01, `${amplitude(samples, 440)}`);
    assert.ok(amplitude(samples, 880) < 0.01);
  });
}

const good = wavFile(tone(16_000), { rate: 16_000, channels: 1, bits: 16 });
const change = (at: number, value: number) => {
  const file = Buffer.from(good);
  file.writeUInt16LE(value, at);
  return file;
};
// `fmt ` follows the LIST chunk of 4 + 4 + 3 (+1) bytes.
const FMT = 12 + 12 + 8;

const WRONG: [name: string, file: Uint8Array, message: RegExp][] = [
  ['an empty file', new Uint8Array(0), /not a WAV file/],
  ['a text file', Buffer.from('this is no sound at all'), /not a WAV file/],
  ['a file cut off in its data', good.subarray(0, good.length / 2), /truncated: 5\d % .* missing/],
  ['a file cut off before its data', good.subarray(0, FMT + 16), /truncated: it ends before its data/],
  ['a file cut off in its format', good.subarray(0, FMT + 10), /truncated: it ends in its header/],
  ['a compressed format', change(FMT, 0x55), /format 0x55 is not supported/],
  ['6 channels', change(FMT + 2, 6), /6 channels are not supported: 1 and 2 are/],
  ['8 bit samples', change(FMT + 14, 8), /8 bit .* 16, 24, 32 are/],
  ['a rate of 96 kHz', wavFile(tone(96_000), { rate: 96_000, channels: 1, bits: 16 }), /96000 Hz .* 8000 to 48000 are/],
  ['no sound', wavFile(new Float32Array(0), { rate: 16_000, channels: 1, bits: 16 }), /holds no sound/],
  ['a header that contradicts itself', change(FMT + 12, 7), /contradicts itself/],
];

for (const [name, file, message] of WRONG) {
  test(`one clear sentence says what is wrong with ${name}`, async () => {
    await assert.rejects(readWav(file), (error: Error) => error instanceof WavError && message.test(error.message));
  });
}

test('a recording from a pipe, which cannot name its length, is read to its end', async () => {
  const file = Buffer.from(good);
  file.writeUInt32LE(0xffff_ffff, file.indexOf('data') + 4);
  assert.equal((await readWav(file)).length, 16_000 * SECONDS);
});

test('no mutilated file does anything but give samples or a WavError', async () => {
  const small = wavFile(tone(8_000).subarray(0, 200), { rate: 8_000, channels: 2, bits: 24, extensible: true });
  const edits = fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(edits, fc.nat(small.length), async (changes, length) => {
      const file = Buffer.from(small);
      for (const [at, value] of changes) file[at] = value;
      try {
        const samples = await readWav(file.subarray(0, length));
        assert.ok(samples.every(Number.isFinite));
      } catch (error) {
        assert.ok(error instanceof WavError, String(error));
      }
    }),
    { numRuns: 2_000, seed: 7 },
  );
});
