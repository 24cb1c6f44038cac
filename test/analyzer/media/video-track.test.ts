import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createVideoDecoder, VideoTrack } from '../../../plugin/analyzer/media/index.ts';
import type { DecodeFailure, FaceDetector, FaceSample, VideoEffort } from '../../../plugin/analyzer/media/index.ts';
import { SenderClock } from '../../../plugin/analyzer/rtp/index.ts';
import type { VideoCodec } from '../../../plugin/analyzer/rtp/index.ts';
import { PATTERN } from '../../../scripts/fixtures/pattern.ts';
import { h264Payloads, rtp, vp8Payloads } from '../rtp-stream.ts';
import { fixture, readUnits } from './containers.ts';

const T0 = 1_700_000_000_000;
const FPS = 12;
const pattern = readUnits(fixture('pattern-vp8.ivf'));

/** Sees a face in the middle of every picture, so that what is tested is the track. */
const detector: FaceDetector = {
  detect: async ({ width, height }) => [
    { score: 0.9, box: { x: width / 2 - 30, y: height / 2 - 30, width: 60, height: 60 } },
  ],
  close: async () => undefined,
};

async function createTrack(t: TestContext, codec: VideoCodec = 'vp8', fps = 4) {
  const faces: { atMs: number; face: FaceSample | null }[] = [];
  const failures: DecodeFailure[] = [];
  const told = { keyFrames: 0 };
  const track = new VideoTrack({
    codec,
    payloadType: 96,
    clockRate: 90_000,
    ssrc: 2,
    senderClock: new SenderClock(),
    detector,
    crop: { size: 32, cropScale: 1.25 },
    fps,
    sink: {
      face: (atMs, face) => faces.push({ atMs: atMs - T0, face }),
      keyFrame: () => void told.keyFrames++,
      failed: (failure) => failures.push(failure),
    },
  });
  track.setDecoder(await createVideoDecoder(codec, { backend: 'wasm' }));
  t.after(() => track.close());
  let sequenceNumber = 0;
  /** Sends picture `index` and polls when it has arrived. */
  const show = async (index: number, payloads: readonly Uint8Array[], effort: VideoEffort = 'full'): Promise<void> => {
    const nowMs = T0 + (index * 1000) / FPS;
    for (const [at, payload] of payloads.entries()) {
      const timestamp = (index * 90_000) / FPS;
      const marker = at === payloads.length - 1;
      track.push(
        rtp({ payloadType: 96, ssrc: 2, sequenceNumber: sequenceNumber++, timestamp, payload, marker }),
        nowMs,
      );
    }
    await track.poll(nowMs, effort);
  };
  const vp8 = (index: number, effort?: VideoEffort) =>
    show(index, vp8Payloads(pattern[index % pattern.length] ?? new Uint8Array(1), index), effort);
  return { track, faces, failures, told, show, vp8 };
}

test('Every picture is decoded and four a second are sampled, at the times that they were taken', async (t) => {
  const { track, faces, told, vp8 } = await createTrack(t);
  for (let i = 0; i < 24; i++) await vp8(i);
  assert.equal(track.stats.decoder.decoded, 24);
  assert.deepEqual(
    faces.map(({ atMs }) => Math.round(atMs)),
    [0, 250, 500, 750, 1000, 1250, 1500, 1750],
  );
  for (const { face } of faces) {
    assert.ok(face);
    assert.deepEqual([face.frameWidth, face.frameHeight], [PATTERN.width, PATTERN.height]);
    assert.equal(face.pixels.length, 32 * 32 * 3);
  }
  assert.equal(told.keyFrames, 0);
});

test('Under load every second sample is left out first, and counted', async (t) => {
  const { track, faces, vp8 } = await createTrack(t);
  for (let i = 0; i < 24; i++) await vp8(i, 'half');
  assert.deepEqual([track.stats.decoder.decoded, track.stats.droppedSamples, faces.length], [24, 4, 4]);
});

test('After pictures were dropped under load, a key frame is asked for and the stream goes on at it', async (t) => {
  const { track, told, vp8 } = await createTrack(t);
  for (let i = 0; i < 4; i++) await vp8(i);
  for (let i = 4; i < 8; i++) await vp8(i, 'none');
  assert.deepEqual([track.stats.droppedPictures, told.keyFrames], [4, 0]);
  // Pictures 8 to 11 refer to what was dropped; 12 is a key frame.
  for (let i = 8; i < 24; i++) await vp8(i);
  assert.ok(told.keyFrames >= 1);
  assert.equal(track.stats.decoder.decoded, 4 + 12);
  assert.equal(track.stats.decoder.failed, 0);
});

test('After a pause the stream goes on at its next key frame', async (t) => {
  const { track, told, vp8 } = await createTrack(t);
  for (let i = 0; i < 3; i++) await vp8(i);
  track.pause();
  for (let i = 3; i < 6; i++) await vp8(i);
  track.resume();
  for (let i = 6; i < 24; i++) await vp8(i);
  assert.equal(track.stats.decoder.decoded, 3 + 12);
  assert.ok(told.keyFrames >= 1);
});

test('A profile beyond the decoder is told once, and no key frames are asked for', async (t) => {
  const { track, failures, told, show } = await createTrack(t, 'h264');
  for (const [index, unit] of readUnits(fixture('pattern-high.h264')).entries()) await show(index, h264Payloads(unit));
  assert.deepEqual(
    failures.map(({ code }) => code),
    ['unsupported'],
  );
  assert.match(failures[0]?.message ?? '', /profile 100/);
  assert.equal(told.keyFrames, 0);
  assert.equal(track.stats.decoder.decoded, 0);
});

test('An H264 stream that is cut into fragments is decoded whole', async (t) => {
  const { track, failures, show } = await createTrack(t, 'h264');
  for (const [index, unit] of readUnits(fixture('pattern-baseline.h264')).entries()) {
    await show(index, h264Payloads(unit));
  }
  assert.deepEqual(failures, []);
  assert.equal(track.stats.decoder.decoded, PATTERN.frames);
});
