// A mediasoup app of its own that takes RTP from speakers (ffmpeg, GStreamer, a SIP gateway) and streams emotion events.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createWorker, type types } from 'mediasoup';
import { createUndertone } from 'undertone';

const worker = await createWorker();
const router = await worker.createRouter({
  mediaCodecs: [
    { kind: 'audio', mimeType: 'audio/opus', clockRate: 48000, channels: 2 },
    { kind: 'video', mimeType: 'video/VP8', clockRate: 90000 },
  ],
});

// The four lines that Undertone needs: start it, attach it, say who is behind a producer, ask for consent (below).
const undertone = await createUndertone();
const observer = await undertone.attachRouter(router, {
  roomId: 'studio',
  resolveParticipant: (producer) => producer.appData['speaker'] as string,
});

/** Opens a port for one kind of media of a speaker; the SSRC says which packets are theirs. */
async function listenFor(speaker: string, kind: types.MediaKind, ssrc: number) {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    comedia: true,
  });
  const { mimeType, clockRate, channels, preferredPayloadType } = router.rtpCapabilities.codecs!.find(
    (codec) => codec.kind === kind,
  )!;
  const codec = { mimeType, clockRate, channels, payloadType: preferredPayloadType };
  await transport.produce({ kind, rtpParameters: { codecs: [codec], encodings: [{ ssrc }] }, appData: { speaker } });
  return { port: transport.tuple.localPort, payloadType: codec.payloadType, ssrc };
}

async function json(request: IncomingMessage) {
  return JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString() || '{}') as Record<string, never>;
}

async function answer(request: IncomingMessage, response: ServerResponse) {
  const [, what, speaker = ''] = request.url!.split('/');
  if (request.method === 'POST' && what === 'speakers') {
    const { audioSsrc = 1111, videoSsrc = 2222 } = await json(request);
    const audio = await listenFor(speaker, 'audio', audioSsrc);
    const video = await listenFor(speaker, 'video', videoSsrc);
    response.writeHead(201).end(JSON.stringify({ audio, video }));
  } else if (request.method === 'POST' && what === 'consent') {
    response.end(JSON.stringify(observer.consent.set(speaker, await json(request))));
  } else if (what === 'events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    for await (const event of observer.events()) response.write(`data: ${JSON.stringify(event)}\n\n`);
  } else response.writeHead(404).end();
}

const server = createServer((request, response) => void answer(request, response));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void undertone.close().finally(() => process.exit()));
}
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => console.log(JSON.stringify(server.address())));
