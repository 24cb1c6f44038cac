import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../scripts/random.ts';
import { createOpusDecoder, OPUS_SAMPLE_RATE } from '../../../plugin/analyzer/media/index.ts';
import type { OpusDecoder } from '../../../plugin/analyzer/media/index.ts';
import { fixture, readOpus } from './containers.ts';

const PACKET_SAMPLES = OPUS_SAMPLE_RATE / 50;
const voice = readOpus(fixture('voice.opus'));

/** How a receiver fills in for packet `index`, which is lost. */
type Repair = (decoder: OpusDecoder, index: number, isLost: (index: number) => boolean) => Float32Array;

const silence: Repair = () => new Float32Array(PACKET_SAMPLES);
const concealment: Repair = (decoder) => decoder.conceal(PACKET_SAMPLES);
const errorCorrection: Repair = (decoder, index, isLost) => {
  const next = voice[index + 1];
  return next === undefined || isLost(index + 1)
    ? decoder.conceal(PACKET_SAMPLES)
    : decoder.decodeFec(next, PACKET_SAMPLES);
};

/** Signal-to-noise ratio against the lossless decode, dB, over ten patterns of 10 % loss. */
async function repairedSnr(repair: Repair): Promise<number> {
  const reference = await createOpusDecoder();
  const sound = voice.map((packet) => reference.decode(packet));
  let signal = 0;
  let noise = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const random = seededRandom(seed);
    const lost = new Set(voice.keys().filter((index) => index > 5 && random() < 0.1));
    const decoder = await createOpusDecoder();
    for (const [index, packet] of voice.entries()) {
      const got = lost.has(index) ? repair(decoder, index, (at) => lost.has(at)) : decoder.decode(packet);
      assert.equal(got.length, PACKET_SAMPLES);
      for (const [at, sample] of (sound[index] ?? new Float32Array(0)).entries()) {
        signal += sample ** 2;
        noise += (sample - (got[at] ?? 0)) ** 2;
      }
    }
    decoder.close();
  }
  return 10 * Math.log10(signal / noise);
}

test('At 10 % loss, FEC comes closer to the sound than concealment, and that closer than silence', async () => {
  const [none, concealed, corrected] = [
    await repairedSnr(silence),
    await repairedSnr(concealment),
    await repairedSnr(errorCorrection),
  ];
  const figures = `silence ${none.toFixed(1)} dB, concealment ${concealed.toFixed(1)} dB, FEC ${corrected.toFixed(1)} dB`;
  assert.ok(concealed > none, figures);
  assert.ok(corrected > concealed + 3, figures);
});

test('Recovered and concealed sound is counted for what it is', async () => {
  const decoder = await createOpusDecoder();
  decoder.decode(voice[10] ?? new Uint8Array(0));
  decoder.decodeFec(voice[12] ?? new Uint8Array(0), PACKET_SAMPLES);
  decoder.conceal(PACKET_SAMPLES);
  assert.deepEqual(decoder.stats, {
    decoded: 1,
    failed: 0,
    fecSamples: PACKET_SAMPLES,
    concealedSamples: PACKET_SAMPLES,
  });
  decoder.close();
});

test('A stereo packet becomes mono, the mean of both channels', async () => {
  const decoder = await createOpusDecoder();
  const sound = readOpus(fixture('stereo.opus')).flatMap((packet) => [...decoder.decode(packet)]);
  // A sine of 0.5 on the left and nothing on the right: 0.25, whose root mean square is 0.177.
  const steady = sound.slice(2000, 6000);
  const rms = Math.sqrt(steady.reduce((sum, sample) => sum + sample ** 2, 0) / steady.length);
  assert.ok(Math.abs(rms - 0.177) < 0.01, `${rms}`);
  const crossings = steady.filter((sample, at) => at > 0 && sample >= 0 && (steady[at - 1] ?? 0) < 0).length;
  assert.ok(Math.abs(crossings - 440 / 4) <= 1, `${crossings} periods in a quarter of a second`);
  decoder.close();
});

test('20,000 hostile packets make no decoder throw, and it decodes on', async () => {
  const decoder = await createOpusDecoder();
  const random = seededRandom(3);
  for (let round = 0; round < 20_000; round++) {
    const packet = Uint8Array.from(voice[Math.floor(random() * voice.length)] ?? []);
    for (let flips = random() * 8; flips > 0; flips--) {
      packet[Math.floor(random() * packet.length)] = Math.floor(random() * 256);
    }
    const cut = packet.subarray(0, Math.floor(random() * 1.5 * packet.length));
    const pcm = random() < 0.8 ? decoder.decode(cut) : decoder.decodeFec(cut, random() * 4000);
    assert.ok(pcm.length <= 1920 && pcm.every((sample) => Math.abs(sample) <= 1));
  }
  assert.ok(decoder.stats.failed > 500, `${decoder.stats.failed} failures were counted`);
  assert.equal(decoder.decode(voice[20] ?? new Uint8Array(0)).length, PACKET_SAMPLES);
  decoder.close();
});

test('Packets that no sender may send are refused: empty, of 8 kB, and after close', async () => {
  const decoder = await createOpusDecoder();
  assert.equal(decoder.decode(new Uint8Array(0)).length, 0);
  assert.equal(decoder.decode(new Uint8Array(8192)).length, 0);
  decoder.close();
  assert.equal(decoder.decode(voice[0] ?? new Uint8Array(0)).length, 0);
  assert.equal(decoder.stats.failed, 3);
});
