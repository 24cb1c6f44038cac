/** A participant who reads a script into a router: RTP as a browser sends it, over a link as bad as one likes. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { types as mediasoup } from 'mediasoup';
import type { RecordedSpeaker } from '../../../server/sample/index.ts';
import { Pacer, type PacedItem } from '../../../server/sample/Pacer.ts';
import { RtpStream } from '../../../server/sample/RtpStream.ts';
import { toVp8Payloads } from '../../../server/sample/vp8-payload.ts';
import { LossyLink, type LinkOptions } from './lossy-link.ts';
import { encodeOpus, PACKET_MS } from './opus.ts';
import type { Script } from './script.ts';

export interface TalkerOptions {
  participantId: string;
  script: Script;
  link: LinkOptions;
  /** The pictures to send along, over and over. */
  video?: RecordedSpeaker['video'];
}

const LOOPBACK = '127.0.0.1';
const AUDIO = { payloadType: 100, clockRate: 48_000 };
const VIDEO = { payloadType: 101, clockRate: 90_000 };
const REPORT_INTERVAL_MS = 1000;

type Item = PacedItem &
  (
    | { kind: 'audio'; packet: Uint8Array }
    | { kind: 'video'; payload: Uint8Array; last: boolean }
    | { kind: 'report' }
    | { kind: 'mark'; act: () => void }
  );

export class Talker {
  readonly participantId: string;
  readonly script: Script;
  /** When everything has been sent. */
  readonly ended: Promise<void>;
  readonly #end: () => void;
  readonly link: LossyLink;
  readonly #transport: mediasoup.PlainTransport;
  readonly #socket: Socket;
  readonly #audio: RtpStream;
  readonly #video: RtpStream;
  readonly #items: Item[];
  #pacer: Pacer<Item> | undefined;
  /** Where the time line was moved, as a busy machine makes it: script time and wall time of it. */
  readonly #moves: { scriptMs: number; wallMs: number }[] = [];
  #wallStartMs = Number.NaN;

  private constructor(
    { participantId, script, link, video }: TalkerOptions,
    transport: mediasoup.PlainTransport,
    socket: Socket,
    ssrc: number,
  ) {
    this.participantId = participantId;
    this.script = script;
    this.#transport = transport;
    this.#socket = socket;
    this.#audio = new RtpStream({ ...AUDIO, ssrc, cname: participantId });
    this.#video = new RtpStream({ ...VIDEO, ssrc: ssrc + 1, cname: participantId });
    this.link = new LossyLink(link, (datagram) => socket.send(datagram));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = resolve;
    this.#items = itemsOf(encodeOpus(script.pcm, link.loss), video, script.durationMs);
  }

  /** The producers are there when this resolves; nothing is sent before `start()`. */
  static async open(router: mediasoup.Router, options: TalkerOptions, ssrc: number): Promise<Talker> {
    const appData = { participantId: options.participantId, displayName: options.participantId };
    const listenInfo = { protocol: 'udp', ip: LOOPBACK } as const;
    const transport = await router.createPlainTransport({ listenInfo, rtcpMux: true, comedia: true, appData });
    const rtcp = { cname: options.participantId };
    await transport.produce({
      kind: 'audio',
      appData,
      rtpParameters: {
        codecs: [{ mimeType: 'audio/opus', ...AUDIO, channels: 2, parameters: { useinbandfec: 1 } }],
        encodings: [{ ssrc }],
        rtcp,
      },
    });
    if (options.video) {
      const codecs = [{ mimeType: 'video/VP8', ...VIDEO }];
      const encodings = [{ ssrc: ssrc + 1 }];
      await transport.produce({ kind: 'video', appData, rtpParameters: { codecs, encodings, rtcp } });
    }
    const socket = createSocket('udp4');
    socket.bind(0, LOOPBACK);
    await once(socket, 'listening');
    socket.connect(transport.tuple.localPort, LOOPBACK);
    await once(socket, 'connect');
    socket.on('message', () => {});
    socket.on('error', () => {});
    return new Talker(options, transport, socket, ssrc);
  }

  /** Before `start()`: acts when so much of the script has been read. */
  mark(scriptMs: number, act: () => void): void {
    this.#items.push({ kind: 'mark', act, dueMs: scriptMs });
  }

  start(): void {
    this.#items.sort((a, b) => a.dueMs - b.dueMs);
    this.#pacer = new Pacer(this.#items, {
      now: () => performance.now(),
      send: (item, timeMs) => this.#send(item, timeMs),
      done: this.#end,
    });
    this.#wallStartMs = Date.now();
    this.#pacer.start();
  }

  /** When that moment of the script was heard by the microphone, wall ms; NaN before the start. */
  wallMs(scriptMs: number): number {
    const move = this.#moves.findLast((each) => each.scriptMs <= scriptMs);
    return move ? move.wallMs + scriptMs - move.scriptMs : this.#wallStartMs + scriptMs;
  }

  close(): void {
    this.#pacer?.stop();
    this.link.close();
    this.#socket.close();
    this.#transport.close();
  }

  #send(item: Item, timeMs: number): void {
    const heldMs = timeMs - item.dueMs;
    const wallMs = this.#wallStartMs + timeMs;
    if (item.kind === 'mark') {
      item.act();
    } else if (item.kind === 'report') {
      this.link.send(this.#audio.report(timeMs, wallMs));
      this.link.send(this.#video.report(timeMs, wallMs));
    } else if (item.kind === 'video') {
      this.link.send(this.#video.packet(item.payload, timeMs, item.last));
    } else {
      const scriptMs = item.dueMs - PACKET_MS;
      if (this.wallMs(scriptMs) !== this.#wallStartMs + scriptMs + heldMs) {
        this.#moves.push({ scriptMs, wallMs: this.#wallStartMs + scriptMs + heldMs });
      }
      // A packet can go when the microphone has heard all of it; its timestamp is of the start.
      this.link.send(this.#audio.packet(item.packet, timeMs - PACKET_MS, item.dueMs === PACKET_MS));
    }
  }
}

function itemsOf(packets: readonly Uint8Array[], video: TalkerOptions['video'], durationMs: number): Item[] {
  const items: Item[] = packets.map((packet, i) => ({ kind: 'audio', packet, dueMs: (i + 1) * PACKET_MS }));
  for (let dueMs = 500; dueMs < durationMs; dueMs += REPORT_INTERVAL_MS) items.push({ kind: 'report', dueMs });
  const frames = video?.frames ?? [];
  const loopMs = frames.length > 1 ? frames.at(-1)!.timeMs + frames[1]!.timeMs - frames[0]!.timeMs : 0;
  for (let i = 0; loopMs > 0; i += 1) {
    const { data, timeMs } = frames[i % frames.length]!;
    const dueMs = timeMs + Math.floor(i / frames.length) * loopMs;
    if (dueMs >= durationMs) break;
    const payloads = toVp8Payloads(data, i & 0x7fff);
    payloads.forEach((payload, n) => items.push({ kind: 'video', payload, last: n === payloads.length - 1, dueMs }));
  }
  return items;
}
