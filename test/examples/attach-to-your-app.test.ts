import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createWorker, type types as mediasoup } from 'mediasoup';
import type { UndertoneEvent } from '../../plugin/index.ts';
import { createSampleCall, type SampleCall } from '../../server/sample/index.ts';

const APP = fileURLToPath(new URL('../../examples/attach-to-your-app/app.ts', import.meta.url));

let app: ReturnType<typeof spawn>;
let url: string;
let worker: mediasoup.Worker;
let router: mediasoup.Router;
let call: SampleCall;
const producers: mediasoup.Producer[] = [];

/** Somewhere else in the world: a router that plays a sample speaker. */
before(async () => {
  app = spawn(process.execPath, ['--conditions=undertone-source', APP], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(app.stdout!), 'line')) as [string];
  url = `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
  worker = await createWorker();
  router = await worker.createRouter({
    mediaCodecs: [
      { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
      { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
    ],
  });
  router.observer.on('newtransport', (transport) =>
    transport.observer.on('newproducer', (producer) => producers.push(producer)),
  );
  call = await createSampleCall({ router, maxSpeakers: 1, loop: true });
  await call.start();
});

after(async () => {
  await call?.stop();
  worker?.close();
  app?.kill('SIGTERM');
});

async function post(path: string, body: object) {
  const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
  return (await response.json()) as Record<'audio' | 'video', { port: number }>;
}

/** Sends a producer's media to a port, as any RTP sender would. */
async function send(producer: mediasoup.Producer): Promise<{ ssrc: number; to(port: number): Promise<void> }> {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    appData: { undertone: true },
  });
  const consumer = await transport.consume({
    producerId: producer.id,
    rtpCapabilities: router.rtpCapabilities,
    paused: true,
    enableRtx: false,
  });
  return {
    ssrc: consumer.rtpParameters.encodings![0]!.ssrc!,
    to: async (port) => {
      await transport.connect({ ip: '127.0.0.1', port });
      await consumer.resume();
    },
  };
}

test('the example is a complete app of under 60 lines', () => {
  assert.ok(readFileSync(APP, 'utf8').trim().split('\n').length < 60);
});

test('an app that is not our server gets events of its speakers, once they consent', { timeout: 60_000 }, async () => {
  const [audio, video] = await Promise.all(
    (['audio', 'video'] as const).map((kind) => send(producers.find((each) => each.kind === kind)!)),
  );
  const ports = await post('/speakers/ada', { audioSsrc: audio!.ssrc, videoSsrc: video!.ssrc });
  await audio!.to(ports.audio.port);
  await video!.to(ports.video.port);
  const response = await fetch(`${url}/events`);
  const events = readEvents(response.body!);
  await post('/consent/ada', { audio: true, video: true });
  for await (const event of events) {
    if (event.type !== 'emotion.final' || !event.modalities.video.used) continue;
    assert.equal(event.participantId, 'ada');
    assert.equal(event.roomId, 'studio');
    assert.equal(event.modalities.audio.used, true);
    assert.equal(event.modalities.text.reason, 'no-consent');
    return;
  }
  assert.fail('the stream ended');
});

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<UndertoneEvent> {
  let rest = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) yield JSON.parse(block.slice('data: '.length)) as UndertoneEvent;
  }
}
