import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createWorker, type types as mediasoup } from 'mediasoup';
import { createDepacketizer, parseRtp, type RtpPacket } from '../../plugin/analyzer/rtp/index.ts';
import type { TranscriptSegment } from '../../plugin/transcript/index.ts';
import {
  createSampleCall,
  MediaFileError,
  readRecording,
  type Recording,
  type SampleCall,
} from '../../server/sample/index.ts';
import { mediaCodecs } from '../../server/sfu/mediaCodecs.ts';
import { cutRecording } from '../support/cut-recording.ts';

/** Begins in the silence before a sentence and ends in the one after it. */
const CUT_MS = 4400;

let worker: mediasoup.Worker;
let directory: string;
let recording: Recording;
const calls: SampleCall[] = [];

before(async () => {
  worker = await createWorker({ logLevel: 'error' });
  directory = await mkdtemp(join(tmpdir(), 'sample-call-'));
  await cutRecording(directory, CUT_MS);
  recording = await readRecording(directory);
});
after(async () => {
  for (const call of calls) await call.stop();
  worker.close();
  await rm(directory, { recursive: true });
});

const makeRouter = (codecs = mediaCodecs) => worker.createRouter({ mediaCodecs: [...codecs] });

async function makeCall(
  router: mediasoup.Router,
  options: Partial<Parameters<typeof createSampleCall>[0]> = {},
): Promise<SampleCall> {
  const call = await createSampleCall({ router, directory, ...options });
  calls.push(call);
  return call;
}

interface Heard {
  packets: { rtp: RtpPacket; atMs: number }[];
  reports: { ntpMs: number; rtpTimestamp: number }[];
}

/** Consumes every producer as soon as it is there and keeps what comes. */
async function listen(
  router: mediasoup.Router,
): Promise<{ producers: mediasoup.Producer[]; heard: Map<string, Heard> }> {
  const transport = await router.createDirectTransport();
  const producers: mediasoup.Producer[] = [];
  const heard = new Map<string, Heard>();
  const consume = async (producer: mediasoup.Producer): Promise<void> => {
    const entry: Heard = { packets: [], reports: [] };
    producer.on('trace', (trace) => {
      if (trace.type !== 'sr') return;
      const { ntpSec, ntpFrac, rtpTs } = trace.info as { ntpSec: number; ntpFrac: number; rtpTs: number };
      entry.reports.push({ ntpMs: (ntpSec - 2_208_988_800 + ntpFrac / 2 ** 32) * 1000, rtpTimestamp: rtpTs });
    });
    void producer.enableTraceEvent(['sr']);
    producers.push(producer);
    heard.set(`${String(producer.appData['participantId'])}/${producer.kind}`, entry);
    const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities: router.rtpCapabilities });
    consumer.on('rtp', (datagram) => {
      const rtp = parseRtp(Uint8Array.from(datagram));
      assert.ok(rtp, 'what mediasoup hands over is RTP');
      entry.packets.push({ rtp, atMs: performance.now() });
    });
  };
  router.observer.on('newtransport', ({ observer }) => {
    observer.on('newproducer', (producer: mediasoup.Producer) => void consume(producer));
  });
  return { producers, heard };
}

test('the whole call goes through a mediasoup worker: every frame, in time, with captions, and then it ends', async (t) => {
  const router = await makeRouter();
  const { producers, heard } = await listen(router);
  const call = await makeCall(router, { idPrefix: 'room-' });
  const segments: (TranscriptSegment & { atMs: number })[] = [];
  call.on('transcript', (segment) => segments.push({ ...segment, atMs: Date.now() }));
  const ended = once(call, 'ended', { signal: AbortSignal.timeout(30_000) });
  const startedMs = performance.now();
  const wallMs = Date.now();
  await call.start();
  await ended;
  const tookMs = performance.now() - startedMs;

  await t.test('it takes as long as the recording', () => {
    assert.ok(tookMs >= CUT_MS && tookMs < CUT_MS + 1500, `${tookMs} ms`);
  });

  await t.test('each speaker has an audio and a video producer with their name on it', () => {
    const named = producers.map(({ kind, appData }) => ({ kind, ...appData }));
    assert.equal(named.length, 6);
    for (const { participantId, displayName } of call.speakers) {
      for (const kind of ['audio', 'video']) {
        assert.ok(
          named.some(
            (one) => JSON.stringify(one) === JSON.stringify({ kind, participantId, displayName, sample: true }),
          ),
        );
      }
    }
  });

  await t.test('pictures arrive byte for byte, from the first on that a consumer could get', () => {
    for (const { id, video } of recording.speakers) {
      const depacketizer = createDepacketizer('vp8');
      const { packets } = heard.get(`room-${id}/video`)!;
      const units = packets.flatMap(({ rtp }) => depacketizer.push(rtp) ?? []);
      const originals = video.frames.map(({ data }) => Buffer.from(data).toString('base64'));
      const first = originals.indexOf(Buffer.from(units[0]!.data).toString('base64'));
      assert.ok(first >= 0 && first <= 15, `the first picture is number ${first}`);
      assert.deepEqual(
        units.map(({ data }) => Buffer.from(data).toString('base64')),
        originals.slice(first),
      );
      const steps = units.slice(1).map(({ rtpTimestamp }, index) => (rtpTimestamp - units[index]!.rtpTimestamp) >>> 0);
      assert.ok(
        steps.every((step) => step % 6000 === 0 && step >= 6000),
        'timestamps are 15 a second, or held',
      );
    }
  });

  await t.test('sound arrives in packets of 20 ms, and silence is not sent', () => {
    for (const { id, audio } of recording.speakers) {
      const { packets } = heard.get(`room-${id}/audio`)!;
      const sounding = audio.frames.filter(({ packet }) => packet.length > 2);
      assert.ok(packets.length <= sounding.length);
      assert.ok(packets.length >= sounding.length - 20, `${packets.length} of ${sounding.length}`);
      const steps = packets.slice(1).map(({ rtp }, index) => (rtp.timestamp - packets[index]!.rtp.timestamp) >>> 0);
      assert.ok(steps.every((step) => step > 0 && step % 960 === 0));
      // After silence comes the marker, and nowhere else.
      const marked = packets.slice(1).map(({ rtp }) => rtp.marker);
      assert.deepEqual(
        marked,
        steps.map((step) => step > 960 && step < 48_000 * 2),
      );
    }
    const silent = heard.get('room-ellis/audio')!.packets.length;
    const talking = heard.get('room-maya/audio')!.packets.length;
    assert.ok(silent < talking / 3, `${silent} packets of silence, ${talking} of speech`);
  });

  await t.test('sequence numbers have no gap', () => {
    for (const [name, { packets }] of heard) {
      packets.slice(1).forEach(({ rtp }, index) => {
        assert.equal((rtp.sequenceNumber - packets[index]!.rtp.sequenceNumber) & 0xffff, 1, name);
      });
    }
  });

  await t.test('packets are paced, not sent in bursts', () => {
    const { packets } = heard.get('room-maya/video')!;
    const inAnyHalfSecond = packets.map(
      ({ atMs }) =>
        new Set(
          packets.filter((other) => other.atMs >= atMs && other.atMs < atMs + 500).map(({ rtp }) => rtp.timestamp),
        ).size,
    );
    assert.ok(Math.max(...inAnyHalfSecond) <= 12, `${Math.max(...inAnyHalfSecond)} pictures in half a second`);
  });

  await t.test('sender reports come once a second and put sound and picture on one wall clock', () => {
    for (const { id, audio, video } of recording.speakers) {
      const starts = (['audio', 'video'] as const).map((kind) => {
        const { reports, packets } = heard.get(`room-${id}/${kind}`)!;
        assert.ok(reports.length >= 4 && reports.length <= 6, `${reports.length} reports of ${kind}`);
        const rate = kind === 'audio' ? 48 : 90;
        // Both end with the last frame that was sent, wherever listening began.
        const sent = kind === 'audio' ? audio.frames.filter(({ packet }) => packet.length > 2) : video.frames;
        return reports.map(({ ntpMs, rtpTimestamp }) => {
          const lastMs = ntpMs + ((packets.at(-1)!.rtp.timestamp - rtpTimestamp) | 0) / rate;
          return lastMs - sent.at(-1)!.timeMs;
        });
      });
      const all = starts.flat();
      assert.ok(Math.max(...all) - Math.min(...all) < 1, `the call began at ${all.join(', ')}`);
      assert.ok(all[0]! >= wallMs && all[0]! < wallMs + 1000);
    }
  });

  await t.test('each sentence comes as a final segment, shortly after it was said, on the wall clock', () => {
    assert.deepEqual(
      segments.map(({ text }) => text),
      recording.cues.map(({ text }) => text),
    );
    for (const [index, segment] of segments.entries()) {
      const cue = recording.cues[index]!;
      assert.equal(segment.participantId, `room-${cue.speaker!.toLowerCase()}`);
      assert.equal(segment.final, true);
      assert.equal(segment.lang, 'en');
      assert.ok(Math.abs(segment.startMs! - wallMs - cue.startMs) < 1000);
      assert.equal(Math.round(segment.endMs! - segment.startMs!), Math.round(cue.endMs - cue.startMs));
      assert.ok(segment.atMs - segment.endMs! >= 250 && segment.atMs - segment.endMs! < 1300);
      assert.equal(segment.words!.map(({ text }) => text).join(' '), segment.text);
      assert.ok(segment.words!.every((word) => word.startMs >= segment.startMs! && word.endMs <= segment.endMs!));
    }
    assert.equal(new Set(segments.map(({ segmentId }) => segmentId)).size, segments.length);
  });

  await t.test('the speakers stay until the call is stopped, and then nothing is left of it', async () => {
    assert.ok(producers.every(({ closed }) => !closed));
    await call.stop();
    assert.ok(producers.every(({ closed }) => closed));
    const { transportIds } = await router.dump();
    assert.equal(transportIds.length, 1, 'only the transport of this test');
    await call.stop();
  });
});

test('a looped call begins again without a jump in its timestamps, and its captions have new ids', async () => {
  const router = await makeRouter();
  const { heard } = await listen(router);
  const short = await mkdtemp(join(tmpdir(), 'sample-call-'));
  try {
    await cutRecording(short, 1800);
    const call = await makeCall(router, { loop: true, directory: short, maxSpeakers: 1 });
    call.once('ended', () => assert.fail('a looped call does not end'));
    assert.equal(call.speakers.length, 1);
    await call.start();
    const ids: string[] = [];
    while (ids.length < 2) {
      const [segment] = (await once(call, 'transcript', { signal: AbortSignal.timeout(20_000) })) as [
        TranscriptSegment,
      ];
      ids.push(segment.segmentId);
    }
    await call.stop();
    assert.notEqual(ids[0], ids[1]);
    const { packets } = heard.get('maya/video')!;
    const times = [...new Set(packets.map(({ rtp }) => rtp.timestamp))];
    assert.ok(times.length > 27, `${times.length} pictures`);
    for (const [index, time] of times.slice(1).entries()) assert.equal(((time - times[index]!) >>> 0) % 6000, 0);
  } finally {
    await rm(short, { recursive: true });
  }
});

test('a router that is closed takes the call with it', async () => {
  const router = await makeRouter();
  const { producers } = await listen(router);
  const call = await makeCall(router);
  await call.start();
  router.close();
  assert.ok(producers.every(({ closed }) => closed));
  await call.stop();
  await assert.rejects((await makeCall(router)).start(), /closed/i);
});

test('a router without the codecs is told of, and nothing is left in it', async () => {
  const router = await makeRouter(mediaCodecs.filter(({ kind }) => kind === 'audio'));
  const call = await makeCall(router);
  await assert.rejects(call.start(), /VP8|codec/i);
  const { transportIds } = await router.dump();
  assert.equal(transportIds.length, 0);
});

test('a call starts once, and options are checked', async () => {
  const router = await makeRouter();
  const call = await makeCall(router, { maxSpeakers: 1 });
  await call.start();
  await assert.rejects(call.start(), /starts once/);
  await call.stop();
  await assert.rejects(createSampleCall({ router, directory, maxSpeakers: 0 }), RangeError);
  await assert.rejects(createSampleCall({ router, directory: join(directory, 'none') }), MediaFileError);
});

test('a stop during the start leaves nothing behind', async () => {
  const router = await makeRouter();
  const call = await makeCall(router);
  const starting = call.start();
  await call.stop();
  await starting;
  const { transportIds } = await router.dump();
  assert.equal(transportIds.length, 0);
});

test('a call whose list or media is wrong says which file and what', async () => {
  const router = await makeRouter();
  const wrong = await mkdtemp(join(tmpdir(), 'sample-call-'));
  try {
    await cutRecording(wrong, 1000);
    await writeFile(join(wrong, 'maya.ivf'), 'no video');
    await assert.rejects(createSampleCall({ router, directory: wrong }), /maya\.ivf: 8 bytes are too few/);
    await writeFile(join(wrong, 'call.json'), '{"title": "x", "durationMs": -1}');
    await assert.rejects(createSampleCall({ router, directory: wrong }), /call\.json: durationMs/);
    await writeFile(join(wrong, 'call.json'), '{');
    await assert.rejects(createSampleCall({ router, directory: wrong }), /call\.json: is not JSON/);
  } finally {
    await rm(wrong, { recursive: true });
  }
});
