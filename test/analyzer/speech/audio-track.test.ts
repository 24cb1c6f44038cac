import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOpusDecoder } from '../../../plugin/analyzer/media/index.ts';
import { SenderClock } from '../../../plugin/analyzer/rtp/index.ts';
import { AudioTrack, PcmFramer } from '../../../plugin/analyzer/speech/index.ts';
import type { AudioGapReason, Vad } from '../../../plugin/analyzer/speech/index.ts';
import { fixture, readOpus } from '../media/containers.ts';
import { rtp } from '../rtp-stream.ts';

const voice = readOpus(fixture('voice.opus'));
const T0 = 1_700_000_000_000;

/** Collects what a track gives; its VAD notes the frames that it is asked about. */
async function createTrack() {
  const audio: { startMs: number; samples: number; concealedMs: number; vad: number[]; pcm: Float32Array }[] = [];
  const gaps: [from: number, to: number, reason: AudioGapReason][] = [];
  const asked = { frames: 0, resets: 0 };
  const vad: Vad = {
    process: async () => {
      asked.frames++;
      return 0.75;
    },
    reset: () => void asked.resets++,
  };
  const track = new AudioTrack({
    payloadType: 111,
    ssrc: 7,
    senderClock: new SenderClock(),
    vad,
    sink: {
      audio: ({ startMs, pcm, concealedMs }, probabilities) =>
        audio.push({ startMs, samples: pcm.length, concealedMs, vad: [...probabilities], pcm }),
      gap: (fromMs, toMs, reason) => gaps.push([fromMs - T0, toMs - T0, reason]),
    },
  });
  track.setDecoder(await createOpusDecoder());
  return { track, audio, gaps, asked };
}

/** Packet `index` of the voice, 20 ms each; arrives the moment it was made. */
function send(track: AudioTrack, index: number, payload = voice[index] ?? new Uint8Array(1), sequence = index): number {
  const arrivalMs = T0 + index * 20;
  const packet = { payloadType: 111, ssrc: 7, sequenceNumber: 65_500 + sequence, timestamp: index * 960, payload };
  track.push(rtp(packet), arrivalMs);
  return arrivalMs;
}

test('Packets become whole frames that follow each other on the wall clock', async () => {
  const { track, audio, gaps } = await createTrack();
  for (let i = 0; i < 100; i++) await track.poll(send(track, i));
  await track.close(T0 + 2000);
  assert.ok(audio.every(({ samples, vad }) => samples % 512 === 0 && vad.length === samples / 512));
  let at = T0;
  for (const { startMs, samples } of audio) {
    assert.ok(Math.abs(startMs - at) < 0.5, `${startMs - at} ms`);
    at = startMs + samples / 16;
  }
  // 2000 ms are 62.5 frames: the last is filled up.
  assert.equal(
    audio.reduce((sum, { samples }) => sum + samples, 0),
    63 * 512,
  );
  assert.deepEqual(gaps, []);
  assert.equal(track.stats.frames, 63);
});

test('A lost packet is recovered from the next one, told as loss, and leaves no hole', async () => {
  const { track, audio, gaps } = await createTrack();
  for (let i = 0; i < 100; i++) if (i !== 60) await track.poll(send(track, i));
  await track.close(T0 + 2000);
  assert.equal(
    audio.reduce((sum, { samples }) => sum + samples, 0),
    63 * 512,
  );
  assert.equal(
    audio.reduce((sum, { concealedMs }) => sum + concealedMs, 0),
    20,
  );
  assert.equal(gaps.length, 1);
  const [from, to, reason] = gaps[0] ?? [];
  assert.ok(Math.abs((from ?? 0) - 1200) < 1 && Math.abs((to ?? 0) - 1220) < 1);
  assert.equal(reason, 'loss');
  assert.equal(track.stats.decoder.fecSamples, 320);
});

test('Of several lost packets the last comes out of the next one, and those before it are made up', async () => {
  const { track, audio, gaps } = await createTrack();
  for (let i = 0; i < 100; i++) if (i < 60 || i > 62) await track.poll(send(track, i));
  await track.close(T0 + 2000);
  assert.equal(track.stats.receiver.lost, 3);
  assert.equal(track.stats.decoder.concealedSamples, 640);
  assert.equal(track.stats.decoder.fecSamples, 320);
  assert.equal(
    audio.reduce((sum, { concealedMs }) => sum + concealedMs, 0),
    60,
  );
  assert.deepEqual(
    gaps.map(([from, to, reason]) => [Math.round(from), Math.round(to), reason]),
    [[1200, 1260, 'loss']],
  );
  const made = audio.flatMap(({ startMs, pcm }) => [...pcm].filter((_, i) => startMs + i / 16 >= T0 + 1200));
  assert.ok(
    made.slice(0, 960).some((sample) => Math.abs(sample) > 1e-3),
    'there is sound where packets are missing',
  );
});

test('A damaged packet takes its time all the same', async () => {
  const { track, audio } = await createTrack();
  // One frame and 200 bytes of padding in a packet of 5: RFC 6716 forbids it, and libopus refuses it.
  const damaged = Uint8Array.of(0x4b, 0x41, 200, 1, 2);
  for (let i = 0; i < 50; i++) await track.poll(send(track, i, i === 20 ? damaged : voice[i]));
  await track.close(T0 + 1000);
  assert.equal(track.stats.decoder.failed, 1);
  assert.equal(
    audio.reduce((sum, { samples }) => sum + samples, 0),
    32 * 512,
  );
});

test('While the sender is silent and sends nothing, silence goes on, and the VAD rests', async () => {
  const { track, audio, gaps, asked } = await createTrack();
  for (let i = 0; i < 20; i++) await track.poll(send(track, i, voice[60 + i]));
  // What libopus sends at the start of DTX: a table of contents and nothing else.
  await track.poll(send(track, 20, (voice[20] ?? new Uint8Array(1)).subarray(0, 1)));
  const before = { ...asked };
  for (let nowMs = T0 + 420; nowMs <= T0 + 1200; nowMs += 10) await track.poll(nowMs);
  const told = audio.at(-1);
  assert.ok(told && told.startMs + told.samples / 16 > T0 + 1050, 'the timeline stood still');
  assert.ok(asked.frames - before.frames <= 1, `${asked.frames - before.frames} frames of silence were judged`);
  assert.deepEqual(
    told.vad,
    told.vad.map(() => 0),
  );
  assert.equal(asked.resets - before.resets, 1);
  // Nothing was lost: the sequence numbers go on.
  for (let i = 60; i < 80; i++) await track.poll(send(track, i, voice[i], i - 39));
  await track.close(T0 + 1600);
  assert.equal(gaps.length, 1);
  assert.equal(gaps[0]?.[2], 'dtx');
  assert.equal(
    audio.reduce((sum, { samples }) => sum + samples, 0),
    50 * 512,
  );
});

test('A stream that stops gives out what is left, says so, and begins anew', async () => {
  const { track, audio, gaps } = await createTrack();
  for (let i = 0; i < 20; i++) await track.poll(send(track, i));
  for (let nowMs = T0 + 400; nowMs <= T0 + 1500; nowMs += 10) await track.poll(nowMs);
  assert.equal(gaps.length, 1);
  assert.equal(gaps[0]?.[2], 'long-gap');
  assert.equal(
    audio.reduce((sum, { samples }) => sum + samples, 0),
    13 * 512,
  );
  for (let i = 100; i < 120; i++) await track.poll(send(track, i));
  await track.close(T0 + 2400);
  const [from, to, reason] = gaps.at(-1) ?? [];
  assert.ok(Math.abs((from ?? 0) - 400) < 1 && Math.abs((to ?? 0) - 2000) < 1 && reason === 'long-gap');
  const again = audio.find(({ startMs }) => startMs > T0 + 1500);
  assert.ok(again && Math.abs(again.startMs - T0 - 2000) < 1);
});

test('A paused track gives out what is left and takes nothing in', async () => {
  const { track, audio } = await createTrack();
  for (let i = 0; i < 10; i++) await track.poll(send(track, i));
  await track.pause();
  assert.equal(
    audio.reduce((sum, { samples }) => sum + samples, 0),
    7 * 512,
  );
  for (let i = 10; i < 20; i++) await track.poll(send(track, i));
  assert.equal(track.stats.receiver.packets, 10);
  track.resume();
  for (let i = 20; i < 30; i++) await track.poll(send(track, i));
  await track.close(T0 + 600);
  assert.ok(audio.some(({ startMs }) => Math.abs(startMs - T0 - 400) < 1));
});

test('Sound of any lengths is framed without loss or change', () => {
  const framer = new PcmFramer();
  const sound = Float32Array.from({ length: 5000 }, (_, i) => i / 5000);
  const out: number[] = [];
  let at = 0;
  for (const length of [1, 511, 513, 40, 2000, 7, 1928]) {
    framer.add(sound.subarray(at, at + length), at / 16);
    at += length;
    const framed = framer.take();
    if (framed === null) continue;
    assert.ok(Math.abs(framed.startMs - out.length / 16) < 1e-6);
    out.push(...framed.pcm);
  }
  out.push(...(framer.flush()?.pcm ?? []));
  assert.equal(framer.flush(), null);
  assert.equal(out.length, 5120);
  assert.deepEqual(out.slice(0, 5000), [...sound]);
  assert.ok(out.slice(5000).every((sample) => sample === 0));
});
