import { Device, type types } from 'mediasoup-client';
import type { Socket } from 'socket.io-client';
import { ask } from '../api/ask.ts';
import { RequestError } from '../api/RequestError.ts';
import { Store } from '../../../client/Store.ts';
import type { CallState, Member } from './CallState.ts';
import type { Source } from './Source.ts';
import { Members } from './Members.ts';
import type { TransportLink } from './openTransport.ts';
import { Receiver } from './Receiver.ts';
import { Sender } from './Sender.ts';

interface Joined {
  routerRtpCapabilities: types.RtpCapabilities;
  participants: {
    participantId: string;
    displayName: string;
    sample: boolean;
    producers: { producerId: string; kind: types.MediaKind }[];
  }[];
  iceServers?: RTCIceServer[];
}

type MemberInfo = Pick<Member, 'participantId' | 'displayName' | 'sample'>;
type ProducerInfo = Pick<NewProducer, 'producerId'>;

interface NewProducer {
  participantId: string;
  producerId: string;
  kind: types.MediaKind;
}

/** Refusals after which the same token will not do. */
const FINAL_CODES = new Set(['unauthorized', 'token-expired', 'room-closed', 'elsewhere', 'forbidden', 'full']);

/** Takes part in a call: signalling over `/call`, media over WebRTC. Comes back by itself after a lost connection. */
export class CallClient {
  readonly status = new Store<Pick<CallState, 'status' | 'reason'>>({ status: 'connecting' });
  readonly members = new Members();
  readonly #socket: Socket;
  readonly #tracks = new Map<Source, { track: MediaStreamTrack; paused: boolean }>();
  #sender: Sender | undefined;
  #receiver: Receiver | undefined;
  /** Everything that changes transports runs one after the other. */
  #work: Promise<void> = Promise.resolve();

  /** @param socket - of the namespace `/call`, with the token as `auth` */
  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('connect', () => this.#queue(() => this.#connected()));
    socket.on('connect_error', (error: Error & { data?: unknown }) => {
      const code = (error.data as { code?: string } | undefined)?.code;
      if (code !== undefined && FINAL_CODES.has(code)) this.#end(code);
      else this.#lost();
    });
    socket.on('disconnect', (reason) => {
      // The server says why before it sends somebody away.
      if (reason === 'io server disconnect') this.#end('disconnected');
      else if (reason !== 'io client disconnect') this.#lost();
    });
    socket.on('call.ended', ({ reason }: { reason: string }) => this.#end(reason));
    socket.on('participant.joined', (member: MemberInfo) => this.#queue(async () => this.members.add(member)));
    socket.on('participant.left', ({ participantId }: Pick<Member, 'participantId'>) =>
      this.#queue(async () => this.members.remove(participantId)),
    );
    socket.on('producer.new', (producer: NewProducer) => this.#queue(() => this.#receive(producer)));
    socket.on('producer.closed', ({ producerId }: ProducerInfo) => {
      this.#receiver?.drop(producerId);
      this.members.closed(producerId);
    });
    socket.on('producer.paused', ({ producerId }: ProducerInfo) => this.members.setPaused(producerId, true));
    socket.on('producer.resumed', ({ producerId }: ProducerInfo) => this.members.setPaused(producerId, false));
  }

  /** Sends a track, now or as soon as the call is joined; again after a reconnection. */
  send(source: Source, track: MediaStreamTrack): void {
    this.#tracks.set(source, { track, paused: false });
    if (this.#joined) this.#queue(() => this.#send(source));
  }

  setPaused(source: Source, paused: boolean): void {
    const sent = this.#tracks.get(source);
    if (!sent) return;
    sent.paused = paused;
    this.#queue(async () => this.#sender?.setPaused(source, paused));
  }

  stop(source: Source): void {
    this.#tracks.delete(source);
    this.#queue(async () => this.#sender?.stop(source));
  }

  leave(): void {
    this.#end('left');
  }

  get #joined(): boolean {
    return this.status.value.status === 'joined';
  }

  get #ended(): boolean {
    return this.status.value.status === 'ended';
  }

  #queue(task: () => Promise<unknown>): void {
    this.#work = this.#work.then(async () => {
      if (this.#ended) return;
      try {
        await task();
      } catch (error) {
        this.#failed(error);
      }
    });
  }

  #failed(error: unknown): void {
    if (error instanceof RequestError && FINAL_CODES.has(error.code)) this.#end(error.code);
    else if (error instanceof Error && error.name === 'UnsupportedError') this.#end('unsupported');
    // A track or a consumer less is no reason to end a call; the console helps whoever looks for the cause.
    else console.warn('undertone:', error instanceof Error ? error.message : error);
  }

  async #connected(): Promise<void> {
    try {
      if (this.#socket.recovered && this.#receiver && (await this.#mended())) this.status.set({ status: 'joined' });
      else await this.#join();
    } catch (error) {
      const unanswered = error instanceof RequestError && error.code === 'timeout';
      // Where the line broke again, the next connection brings us back here.
      if (!unanswered) throw error;
      this.#lost();
      if (this.#socket.connected) this.#socket.disconnect().connect();
    }
  }

  /** After a short break the server may still hold our transports. */
  async #mended(): Promise<boolean> {
    try {
      await Promise.all([this.#receiver?.restartIce(), this.#sender?.restartIce()]);
      return true;
    } catch {
      return false;
    }
  }

  async #join(): Promise<void> {
    this.#sender?.close();
    this.#receiver?.close();
    const { routerRtpCapabilities, participants, iceServers = [] } = await ask<Joined>(this.#socket, 'join');
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities });
    const onLost = () => this.#queue(() => this.#join());
    const link: TransportLink = { device, socket: this.#socket, iceServers, onLost };
    this.#receiver = new Receiver(link);
    this.#sender = new Sender(link);
    this.members.reset(participants.map(({ producers: _producers, ...member }) => member));
    this.status.set({ status: 'joined' });
    for (const source of this.#tracks.keys()) this.#queue(() => this.#send(source));
    for (const { participantId, producers } of participants) {
      for (const producer of producers) this.#queue(() => this.#receive({ participantId, ...producer }));
    }
  }

  async #send(source: Source): Promise<void> {
    const sent = this.#tracks.get(source);
    if (!sent || !this.#sender) return;
    await this.#sender.send(source, sent.track);
    await this.#sender.setPaused(source, sent.paused);
  }

  async #receive({ participantId, producerId, kind }: NewProducer): Promise<void> {
    if (!this.#receiver || this.members.knows(producerId)) return;
    this.members.expect(producerId, participantId, kind);
    const received = await this.#receiver.consume(producerId, participantId);
    if (this.members.knows(producerId)) this.members.receives(producerId, received);
    else this.#receiver.drop(producerId);
  }

  #lost(): void {
    if (!this.#ended) this.status.set({ status: this.#receiver ? 'reconnecting' : 'connecting' });
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.status.set({ status: 'ended', reason });
    this.#sender?.close();
    this.#receiver?.close();
    this.members.release();
    this.#socket.disconnect();
  }
}
