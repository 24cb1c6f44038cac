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
import { reduceRoom } from '../reduceRoom.ts';
import { INITIAL_STATE, type RoomState } from '../RoomState.ts';
import { Store, type Readable } from '../Store.ts';
import type { ReplayDelivery, ReplayEvents, ReplayInfo, ReplayLine, ReplayOptions } from './ReplayTypes.ts';
import { stateOf, withNames, without } from './stateOf.ts';
import { Streams, type StreamOptions } from './Streams.ts';

/** So many events may wait for whoever iterates; then the replay stands until they are read. */
const MOST_WAITING = 1_000;
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
  readonly #state = new Store<RoomState>(INITIAL_STATE);
  readonly #position: Store<ReplayPosition>;
  readonly #streams = new Streams(() => this.#flow());
  readonly #ready: Promise<ReplayInfo>;
  #settle!: { resolve: (info: ReplayInfo) => void; reject: (problem: ClientError) => void };
  #info: ReplayInfo | undefined;
  #from: number;
  /** Place of the last event that came, and when it came. */
  #after: number | undefined;
  #paused: boolean;
  /** Stands until who waited for it has begun to listen, and while too much waits to be read. */
  #held = true;
  #ended: { problem: ClientError } | undefined;

  /** Made by `client.replay()` and `openReplay()`. */
  constructor(
    line: ReplayLine,
    { meetingId, from = 0, speed = 1, paused = false }: ReplayOptions & { meetingId: string },
  ) {
    super();
    this.meetingId = meetingId;
    this.room = this.#state;
    this.#line = line;
    this.#replayId = `r${(opened += 1)}`;
    this.#from = from;
    this.#paused = paused;
    this.#position = new Store<ReplayPosition>({ positionMs: from, speed, playback: 'waiting' });
    this.position = this.#position;
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
    return this.#info;
  }

  /** Leaps to another place, milliseconds from the start. What waits in iterators is let go. */
  async seek(toMs: number): Promise<void> {
    this.#from = toMs;
    this.#after = undefined;
    this.#streams.forget(() => true);
    await this.#control('replay.seek', { to: toMs });
    this.#flow();
  }

  /** @param speed - 0.25 to 32 */
  async rate(speed: number): Promise<void> {
    await this.#control('replay.rate', { speed });
  }

  async pause(): Promise<void> {
    this.#paused = true;
    await this.#control('replay.pause', {});
  }

  async resume(): Promise<void> {
    this.#paused = false;
    if (!this.#held) await this.#control('replay.resume', {});
  }

  /**
   * Events from now on, or those of some types. It ends without an error when the meeting is over and all was read, by `close()`,
   * `break` or `signal`.
   * @throws ClientError in the iteration, when the server has ended the replay
   */
  events<T extends EventType = EventType>(options: StreamOptions<T> = {}) {
    const over = this.#ended !== undefined || this.#position.value.playback === 'ended';
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
    this.#state.update((state) => ({ ...state, status: this.#info ? 'reconnecting' : 'connecting', problem }));
  }

  /** There is nothing more to come. @internal */
  end(problem: ClientError): void {
    if (this.#ended) return;
    this.#ended = { problem };
    const failure = this.#failure;
    this.#settle.reject(problem);
    this.#state.update((state) => ({ ...state, status: 'closed', problem: failure }));
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
    const { speed } = this.#position.value;
    const { meetingId } = this;
    const place = { from: this.#from, ...(this.#after !== undefined && { after: this.#after }) };
    const paused = this.#paused || this.#held;
    try {
      const asked = { replayId: this.#replayId, meetingId, speed, paused, ...place };
      const { contract, meeting, participants, ...position } = await ask(socket, 'replay.open', asked, timeoutMs);
      if (this.#ended) return;
      checkContract(contract);
      this.#info = { meeting, participants };
      this.#state.update((state) => ({ ...withNames(state, this.#info), status: 'live', problem: undefined }));
      this.#at(position);
      this.#settle.resolve(this.#info);
      setTimeout(() => this.#flow(), 0);
    } catch (error) {
      // A line that broke meanwhile leads to another try by itself.
      if (this.#ended || !socket.connected) return;
      const problem = error instanceof ClientError ? error : ClientError.from(undefined);
      if (!this.#info || !RETRYABLE_CODES.has(problem.code)) {
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
    const told = playback === 'paused' && !this.#paused ? 'waiting' : playback;
    this.#position.set({ positionMs, speed, playback: told });
    this.emit('position', this.#position.value);
    if (playback === 'ended') this.#streams.end();
  }

  #leapt(state: ReplayMessage<'replay.state'>): void {
    const { status, problem } = this.#state.value;
    this.#state.set({ ...withNames(stateOf(state), this.#info), status, problem });
    this.emit('state', state);
    this.#at(state);
  }

  #deliver({ ord, event: value }: ReplayMessage<'replay.event'>): void {
    const received = readEvent(value);
    const delivery: ReplayDelivery = { live: false, ord };
    this.#after = ord;
    if (received.kind === 'unknown') this.emit('unknown', received.event, delivery);
    if (received.kind !== 'event') return;
    const { event } = received;
    if (this.#info) this.#from = Math.max(0, event.atMs - this.#info.meeting.startMs);
    this.#state.set(reduceRoom(this.#state.value, event));
    this.emit('event', event, delivery);
    (this.emit as (name: EventType, event: UndertoneEvent, delivery: ReplayDelivery) => void).call(
      this,
      event.type,
      event,
      delivery,
    );
    this.#streams.push(event);
    this.#flow();
  }

  #forget(participantId: string): void {
    const theirs = (event: UndertoneEvent) => 'participantId' in event && event.participantId === participantId;
    this.#streams.forget(theirs);
    this.#state.update((state) => without(state, participantId));
    if (this.#info) {
      const participants = this.#info.participants.filter((one) => one.participantId !== participantId);
      this.#info = { ...this.#info, participants };
    }
    this.emit('retracted', participantId);
    this.#flow();
  }

  /** Holds the replay up while too much waits to be read, and lets it go on when that is done. */
  #flow(): void {
    const { waiting } = this.#streams;
    const hold = this.#held ? waiting > MOST_WAITING / 2 : waiting > MOST_WAITING;
    if (hold === this.#held || this.#ended) return;
    this.#held = hold;
    if (this.#paused) return;
    this.#control(hold ? 'replay.pause' : 'replay.resume', {}).catch((error: ClientError) => {
      // After a lost line it is opened in the right state.
      if (!RETRYABLE_CODES.has(error.code) && error.code !== 'closed') this.emit('problem', error);
    });
  }
}
