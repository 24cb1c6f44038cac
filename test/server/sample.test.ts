import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { describe, test } from 'node:test';
import type { types as mediasoup } from 'mediasoup';
import type { TranscriptSegment, UndertoneEvent } from '../../plugin/index.ts';
import type { SamplePlayer } from '../../server/sfu/SampleCalls.ts';
import type { Server } from '../../server/index.ts';
import { connect, get, microphone, post, startServer } from './support.ts';

const SPEAKERS = [
  { participantId: 'mira', displayName: 'Mira' },
  { participantId: 'tom', displayName: 'Tom' },
];

/** Speakers without sound: real transports and producers, and an end that the test chooses. */
class SilentPlayer extends EventEmitter<{ transcript: [TranscriptSegment]; ended: [] }> implements SamplePlayer {
  readonly durationMs = 1_000;
  readonly speakers = SPEAKERS;
  readonly router: mediasoup.Router;
  readonly transports: mediasoup.PlainTransport[] = [];
  stopped = false;

  constructor(router: mediasoup.Router) {
    super();
    this.router = router;
  }

  async start(): Promise<void> {
    for (const [index, { participantId }] of SPEAKERS.entries()) {
      const transport = await this.router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
        comedia: true,
      });
      this.transports.push(transport);
      await transport.produce({
        kind: 'audio',
        rtpParameters: microphone(100 + index),
        appData: { participantId, sample: true },
      });
    }
  }

  stop(): void {
    this.stopped = true;
    for (const transport of this.transports) transport.close();
  }
}

type Started = { roomId: string; token: string; durationMs: number; speakers: typeof SPEAKERS };

async function startSample(server: Server): Promise<Started> {
  const { status, body } = await post(server, '/v1/sample');
  assert.equal(status, 201, JSON.stringify(body));
  return body as Started;
}

describe('the sample call', () => {
  function players() {
    const made: SilentPlayer[] = [];
    return {
      made,
      createSamplePlayer: ({ router }: { router: mediasoup.Router }) => {
        const player = new SilentPlayer(router);
        made.push(player);
        return player;
      },
    };
  }

  test('is a call that one watches: speakers with consent, their media, no sending of one’s own', async (t) => {
    const { made, createSamplePlayer } = players();
    const server = await startServer(t, { visibility: 'self' }, { createSamplePlayer });
    const started = await startSample(server);
    assert.equal(started.durationMs, 1_000);
    assert.deepEqual(started.speakers, SPEAKERS);

    const call = await connect(t, server, '/call', started.token);
    const joined = await call.request('join', {});
    const seen = joined['participants'] as {
      displayName: string;
      sample: boolean;
      producers: { producerId: string }[];
    }[];
    assert.deepEqual(
      seen.map(({ displayName, sample, producers }) => [displayName, sample, producers.length]),
      [
        ['Mira', true, 1],
        ['Tom', true, 1],
      ],
    );
    await call.request('transport.create', { direction: 'recv' });
    const consumed = await call.request('consume', {
      producerId: seen[0]!.producers[0]!.producerId,
      rtpCapabilities: joined['routerRtpCapabilities'],
    });
    assert.equal(consumed.ok, true, JSON.stringify(consumed));
    const { id: transportId } = await call.request('transport.create', { direction: 'send' });
    const own = { transportId, kind: 'audio', rtpParameters: microphone(), source: 'microphone' };
    assert.equal((await call.request('produce', own)).error?.code, 'forbidden');

    const emotion = await connect(t, server, '/emotion', started.token);
    const answer = await emotion.request('subscribe', { roomId: started.roomId });
    const all = { audio: true, video: true, text: true };
    for (const status of answer['participants'] as { consent: object }[]) assert.deepEqual(status.consent, all);
    assert.equal((await emotion.request('consent.set', { audio: false })).error?.code, 'forbidden');
    const audit = server.rooms.get(started.roomId)!.observer.consent.audit();
    assert.deepEqual(
      audit.map(({ action, by }) => [action, by]),
      [
        ['consent.granted', 'host'],
        ['consent.granted', 'host'],
        ['events.subscribed', undefined],
      ],
    );
    assert.equal(made.length, 1);
  });

  test('ends by itself, and its room with it', async (t) => {
    const { made, createSamplePlayer } = players();
    const server = await startServer(t, {}, { createSamplePlayer });
    const started = await startSample(server);
    const call = await connect(t, server, '/call', started.token);
    await call.request('join', {});
    made[0]!.emit('ended');
    assert.deepEqual(await call.event('call.ended'), { reason: 'ended' });
    assert.equal(made[0]!.stopped, true);
    assert.equal((await get(server, `/v1/rooms/${started.roomId}`)).status, 404);
  });

  test('is played at most so many times at once', async (t) => {
    const { made, createSamplePlayer } = players();
    const server = await startServer(t, { limits: { sampleCalls: 1 } }, { createSamplePlayer });
    const { roomId } = await startSample(server);
    const { status, body } = await post(server, '/v1/sample');
    assert.equal(status, 503);
    assert.equal((body as { error: { code: string } }).error.code, 'full');
    const closed = once(server.rooms.get(roomId)!, 'close');
    made[0]!.emit('ended');
    await closed;
    await startSample(server);
  });

  test('can be turned off', async (t) => {
    const server = await startServer(t, { limits: { sampleCalls: 0 } });
    assert.equal((await post(server, '/v1/sample')).status, 403);
    assert.equal(((await get(server, '/v1/config')).body as { sample: boolean }).sample, false);
  });

  test('that cannot be played leaves nothing behind', async (t) => {
    const createSamplePlayer = () => Promise.reject(new Error('the media is gone'));
    const server = await startServer(t, { limits: { sampleCalls: 1 } }, { createSamplePlayer });
    for (let i = 0; i < 2; i++) {
      const { status, body } = await post(server, '/v1/sample');
      assert.equal(status, 500);
      assert.equal((body as { error: { code: string } }).error.code, 'internal');
    }
    assert.equal(server.rooms.size, 0);
  });

  test(
    'plays as recorded: a final for every speaker, every event in its place, and then the end',
    { timeout: 120_000 },
    async (t) => {
      const server = await startServer(t, { analysis: { provider: 'cpu' } });
      const { roomId, token, durationMs, speakers } = await startSample(server);
      const call = await connect(t, server, '/call', token);
      assert.equal((await call.request('join', {})).ok, true);
      const emotion = await connect(t, server, '/emotion', token);
      const { missed } = await emotion.request('subscribe', { roomId, since: 0 });
      assert.deepEqual(await call.event('call.ended', durationMs + 20_000), { reason: 'ended' });

      const events = [
        ...(missed as UndertoneEvent[]),
        ...emotion.received.map(({ payload }) => payload as UndertoneEvent),
      ];
      for (const { participantId, displayName } of speakers) {
        const finals = events.filter(
          (event) => event.type === 'emotion.final' && event.participantId === participantId,
        );
        assert.ok(finals.length >= 1, `${displayName}: ${finals.length} finals of ${events.length} events`);
      }
      const seqs = events.flatMap((event) => ('seq' in event ? [event.seq] : []));
      assert.deepEqual(
        seqs,
        seqs.map((_, index) => seqs[0]! + index),
        'numbered without a gap',
      );
    },
  );
});
