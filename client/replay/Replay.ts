import type {
  EventType,
  ReplayMessage,
  ReplayPosition,
  RequestName,
  RequestOf,
  UndertoneEvent,
} from '../../plugin/events/contract/v1/types.ts';
import { ask } from '../ask.ts';
import { checkContract } from '../checkContract.ts';
import { ClientError, RETRYABLE_CODES } from '../ClientError.ts';
import { Emitter } from '../Emitter.ts';
import { readEvent } from '../readEvent.ts';
import type { RoomState } from '../RoomState.ts';
import type { Readable } from '../Store.ts';
import { Flow } from './Flow.ts';
import { Place } from './Place.ts';
import type { ReplayDelivery, ReplayEvents, ReplayInfo, ReplayLine, ReplayOptions } from './ReplayTypes.ts';
import { Streams, type StreamOptions } from './Streams.ts';

const RETRY_MS = 1_000;
let opened = 0;

/**
 * A past meeting, played back: the same events in the same order as live, from any place and at any speed. After a lost
 * connection it goes on where it was. A reader of the iterator who is slow holds it up, and loses nothing.
 *
 * @example
 * const replay = await openReplay({ url, token, meetingId, speed: 16 });
 * for await (const event of replay) console.log(replay.position.value.positionMs, event.type);
 */
export class Replay extends Emitter<ReplayEvents> {
  readonly meetingId: string;
  /** What was known of the room at this place, kept up to date. */
  readonly room: Readable<RoomState>;
  readonly position: Readable<ReplayPosition>;
  readonly #line: ReplayLine;
  readonly #replayId: string;
  readonly #place: Place;
  readonly #flow: Flow;
  readonly #streams = new Streams(() => this.#look());
  readonly #ready: Promise<ReplayInfo>;
  #settle!: { resolve: (info: ReplayInfo) => void; reject: (problem: ClientError) => void };
  #ended: { problem: ClientError } | undefined;

  /** Made by `client.replay()` and `openReplay()`. */
  constructor(
    line: ReplayLine,
    { meetingId, from = 0, speed = 1, paused = false }: ReplayOptions & { meetingId: string },
  ) {
    super();
    this.meetingId = meetingId;
    this.#line = line;
    this.#replayId = `r${(opened += 1)}`;
    this.#place = new Place(from, speed);
    this.room = this.#place.room;
    this.position = this.#place.position;
    this.#flow = new Flow(paused, (name) => this.#pace(name));
    this.#ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever does not wait for it hears of it by `closed`.
    this.#ready.catch(() => undefined);
  }

  /**
   * Resolves with the meeting once it plays.
   * @throws ClientError when the server refuses, or the replay is closed before
   */
  ready(): Promise<ReplayInfo> {
    return this.#ready;
  }

  /** The meeting and its participants, once it plays. */
  get info(): ReplayInfo | undefined {
    return this.#place.info;
  }

  /** Leaps to another place, milliseconds from the start. What waits in iterators is let go. */
  async seek(toMs: number): Promise<void> {
    this.#place.leaving(toMs);
    this.#streams.forget(() => true);
    await this.#control('replay.seek', { to: toMs });
    this.#look();
  }

  /** @param speed - 0.25 to 32 */
  async rate(speed: number): Promise<void> {
    await this.#control('replay.rate', { speed });
  }

  async pause(): Promise<void> {
    this.#flow.paused = true;
    await this.#control('replay.pause', {});
  }

  async resume(): Promise<void> {
    this.#flow.paused = false;
    if (!this.#flow.held) await this.#control('replay.resume', {});
  }

  /**
   * Events from now on, or those of some types. It ends without an error when the meeting is over and all was read, by `close()`,
   * `break` or `signal`.
   * @throws ClientError in the iteration, when the server has ended the replay
   */
  events<T extends EventType = EventType>(options: StreamOptions<T> = {}) {
    const over = this.#ended !== undefined || this.position.value.playback === 'ended';
    return this.#streams.open<T>(options, over ? { failure: this.#failure } : undefined);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<UndertoneEvent> {
    return this.events();
  }

  close(): void {
    if (!this.#ended && this.#line.socket.connected) {
      this.#line.socket.emit('replay.close', { replayId: this.#replayId });
    }
    this.end(new ClientError('closed', 'The replay was closed.'));
  }

  /** The line is there, for the first time or again. @internal */
  up(): void {
    void this.#open();
  }

  /** The line is down; it is tried again. @internal */
  down(problem: ClientError): void {
    if (this.#ended) return;
    this.emit('problem', problem);
    this.#place.line(this.info ? 'reconnecting' : 'connecting', problem);
  }

  /** There is nothing more to come. @internal */
  end(problem: ClientError): void {
    if (this.#ended) return;
    this.#ended = { problem };
    const failure = this.#failure;
    this.#settle.reject(problem);
    this.#place.line('closed', failure);
    if (failure) this.emit('problem', failure);
    this.#streams.end(failure);
    this.emit('closed', failure);
    this.#line.released();
  }

  /** A message about a replay came. @internal */
  receive(name: string, payload: unknown): void {
    const { replayId } = (payload ?? {}) as { replayId?: unknown };
    if (replayId !== this.#replayId || this.#ended) return;
    switch (name) {
      case 'replay.event':
        this.#deliver(payload as ReplayMessage<'replay.event'>);
        return;
      case 'replay.state':
        this.#leapt(payload as ReplayMessage<'replay.state'>);
        return;
      case 'replay.position':
        this.#at(payload as ReplayPosition);
        return;
      case 'replay.retracted':
        this.#forget((payload as ReplayMessage<'replay.retracted'>).participantId);
        return;
      case 'replay.closed':
        this.end(ClientError.from(payload));
    }
  }

  get #failure(): ClientError | undefined {
    const problem = this.#ended?.problem;
    return problem?.code === 'closed' ? undefined : problem;
  }

  async #open(): Promise<void> {
    const { socket, timeoutMs } = this.#line;
    const { speed } = this.position.value;
    const { meetingId } = this;
    const paused = this.#flow.stands;
    try {
      const asked = { replayId: this.#replayId, meetingId, speed, paused, ...this.#place.next };
      const { contract, meeting, participants, ...position } = await ask(socket, 'replay.open', asked, timeoutMs);
      if (this.#ended) return;
      checkContract(contract);
      const info = { meeting, participants };
      this.#place.opened(info);
      this.#at(position);
      this.#settle.resolve(info);
      setTimeout(() => this.#look(), 0);
    } catch (error) {
      // A line that broke meanwhile leads to another try by itself.
      if (this.#ended || !socket.connected) return;
      const problem = error instanceof ClientError ? error : ClientError.from(undefined);
      if (!this.info || !RETRYABLE_CODES.has(problem.code)) {
        this.end(problem);
        return;
      }
      // Its former place may be taken up to when the server has noticed that the line is gone.
      this.down(problem);
      setTimeout(() => socket.connected && !this.#ended && void this.#open(), RETRY_MS);
    }
  }

  async #control<N extends 'replay.seek' | 'replay.rate' | 'replay.pause' | 'replay.resume'>(
    name: N,
    wanted: Omit<RequestOf<N>, 'replayId'>,
  ): Promise<void> {
    await this.#ready;
    if (this.#ended) throw this.#ended.problem;
    const payload = { replayId: this.#replayId, ...wanted } as RequestOf<RequestName & N>;
    const reply = await ask(this.#line.socket, name, payload, this.#line.timeoutMs);
    this.#at(reply);
  }

  #at({ positionMs, speed, playback }: ReplayPosition): void {
    // Held up for a slow reader, it plays as far as anybody else is concerned.
    const told = playback === 'paused' && !this.#flow.paused ? 'waiting' : playback;
    this.#place.position.set({ positionMs, speed, playback: told });
    this.emit('position', this.position.value);
    if (playback === 'ended') this.#streams.end();
  }

  #leapt(state: ReplayMessage<'replay.state'>): void {
    this.#place.leapt(state);
    this.emit('state', state);
    this.#at(state);
  }

  #deliver({ ord, event: value }: ReplayMessage<'replay.event'>): void {
    const received = readEvent(value);
    const delivery: ReplayDelivery = { live: false, ord };
    this.#place.reached(ord);
    if (received.kind === 'unknown') this.emit('unknown', received.event, delivery);
    if (received.kind !== 'event') return;
    const { event } = received;
    this.#place.took(event);
    this.emit('event', event, delivery);
    (this.emit as (name: EventType, event: UndertoneEvent, delivery: ReplayDelivery) => void).call(
      this,
      event.type,
      event,
      delivery,
    );
    this.#streams.push(event);
    this.#look();
  }

  #forget(participantId: string): void {
    const theirs = (event: UndertoneEvent) => 'participantId' in event && event.participantId === participantId;
    this.#streams.forget(theirs);
    this.#place.forget(participantId);
    this.emit('retracted', participantId);
    this.#look();
  }

  #look(): void {
    if (!this.#ended) this.#flow.look(this.#streams.waiting);
  }

  #pace(name: 'replay.pause' | 'replay.resume'): void {
    this.#control(name, {}).catch((error: ClientError) => {
      // After a lost line it is opened in the right state.
      if (!RETRYABLE_CODES.has(error.code) && error.code !== 'closed') this.emit('problem', error);
    });
  }
}
