import type {
  EventOf,
  EventType,
  PerModality,
  ReplyOf,
  RequestName,
  RequestOf,
  UndertoneEvent,
} from '../plugin/events/contract/v1/types.ts';
import { ask } from './ask.ts';
import { checkContract } from './checkContract.ts';
import { ClientError } from './ClientError.ts';
import type { EmotionClientOptions } from './ClientOptions.ts';
import { Connection } from './Connection.ts';
import { Emitter } from './Emitter.ts';
import { EventStream } from './EventStream.ts';
import { readEvent, type UnknownEvent } from './readEvent.ts';
import { Replay } from './replay/Replay.ts';
import type { ReplayOptions } from './replay/ReplayTypes.ts';
import { Retracted } from './Retracted.ts';
import { reduceRoom, reduceSubscription } from './reduceRoom.ts';
import { INITIAL_STATE, type ConnectionStatus, type RoomState } from './RoomState.ts';
import { Sequencer, type Gap, type NumberedEvent } from './Sequencer.ts';
import { Store, type Readable } from './Store.ts';

/** How an event came. */
export interface Delivery {
  /** False for one that was fetched afterwards. */
  live: boolean;
}

/** What the server tells at the beginning and after each reconnection. */
export type Subscription = Omit<ReplyOf<'subscribe'>, 'ok' | 'missed'>;

/** Each event of the contract under its type, all of them as `event`, and what befalls the connection. */
export type EmotionClientEvents = { [T in EventType]: [event: EventOf<T>, delivery: Delivery] } & {
  event: [event: UndertoneEvent, delivery: Delivery];
  /** Of a type that this client does not know; nothing needs to be done about it. */
  unknown: [event: UnknownEvent, delivery: Delivery];
  subscribed: [subscription: Subscription];
  /** Events are lost that cannot be fetched any more. */
  gap: [gap: Gap];
  status: [status: ConnectionStatus];
  /** What keeps the client from being live. Where `status` is `closed` it is final. */
  problem: [problem: ClientError];
};

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_BUFFER = 10_000;
/** How often, and after how long, a server is asked again for what it has yet to hear of from another. */
const BEHIND_TRIES = 8;
const BEHIND_MS = 250;

/**
 * Follows the emotion events of one room: typed, in the order of their numbers, each once. After a lost connection it comes
 * back by itself and fetches what it missed.
 *
 * Interim results have no number; they come as they come, and some may not come at all.
 *
 * @example
 * const emotions = new EmotionClient({ url: 'http://127.0.0.1:3000', roomId: 'standup', token });
 * emotions.on('emotion.final', ({ participantId, labels }) => console.log(participantId, labels[0]));
 * for await (const event of emotions) console.log(event.type);
 */
export class EmotionClient extends Emitter<EmotionClientEvents> {
  readonly roomId: string;
  /** What is known of the room now, kept up to date. */
  readonly room: Readable<RoomState>;
  readonly #options: EmotionClientOptions;
  readonly #timeoutMs: number;
  readonly #answerFirst: boolean;
  readonly #state = new Store<RoomState>(INITIAL_STATE);
  readonly #sequencer: Sequencer;
  readonly #retracted = new Retracted();
  readonly #streams = new Map<EventStream<UndertoneEvent>, ReadonlySet<EventType> | undefined>();
  readonly #connection: Connection;
  readonly #replays = new Set<Replay>();
  readonly #ready: Promise<Subscription>;
  #settle!: { resolve: (subscription: Subscription) => void; reject: (problem: ClientError) => void };
  #answered = false;
  #asking = false;
  #askAgain = false;
  #foreign = false;
  #ended: ClientError | undefined;

  /**
   * @param timing - `answerFirst`: `ready()` resolves before what was missed is delivered, for who listens only then; by default after
   * @throws TypeError when the address of the server is missing, or both a participant and the means are asked for
   */
  constructor(options: EmotionClientOptions, { answerFirst = false } = {}) {
    super();
    this.#answerFirst = answerFirst;
    if (options.aggregate && options.participantId !== undefined) {
      throw new TypeError('aggregate: means are over the room; leave participantId out, or follow one participant');
    }
    this.roomId = options.roomId;
    this.room = this.#state;
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#sequencer = new Sequencer({
      since: options.since,
      deliver: (event, live) => this.#deliver(event, live),
      gap: (gap) => this.emit('gap', gap),
    });
    this.#ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Whoever does not wait for it hears of it by `problem`.
    this.#ready.catch(() => undefined);
    this.#connection = new Connection(options, {
      up: () => {
        void this.#subscribe();
        for (const replay of this.#replays) replay.up();
      },
      down: (problem) => this.#down(problem),
      ended: (problem) => this.#end(problem),
      received: (name, payload) => {
        if (!name.startsWith('replay.')) this.#received(payload);
        else for (const replay of this.#replays) replay.receive(name, payload);
      },
    });
    this.#connection.start();
  }

  get status(): ConnectionStatus {
    return this.#state.value.status;
  }

  /** The number of the last event before which nothing is missing: give it as `since` to go on from here. */
  get lastSeq(): number | undefined {
    return this.#sequencer.last;
  }

  /**
   * Resolves with the first subscription.
   * @throws ClientError when the server refuses for good, or the client is closed before
   */
  ready(): Promise<Subscription> {
    return this.#ready;
  }

  /**
   * Events from now on, or those of some types. What is not read yet waits; should too much wait, interim results go first,
   * then the iteration ends with `overflow`. It ends without an error by `close()`, `break` or `signal`.
   *
   * @throws ClientError in the iteration, when the server has ended the subscription for good
   * @example
   * for await (const { participantId, labels } of emotions.events({ types: ['emotion.final'] })) { ... }
   */
  events<T extends EventType = EventType>(options: { types?: readonly T[]; signal?: AbortSignal } = {}) {
    const { types, signal } = options;
    const abort = () => stream.end();
    const stream = new EventStream<EventOf<T>>(this.#options.bufferSize ?? DEFAULT_BUFFER, () => {
      signal?.removeEventListener('abort', abort);
      this.#streams.delete(stream as unknown as EventStream<UndertoneEvent>);
    });
    if (this.#ended || signal?.aborted) stream.end(this.#ended?.code === 'closed' ? undefined : this.#ended);
    else {
      signal?.addEventListener('abort', abort, { once: true });
      this.#streams.set(stream as unknown as EventStream<UndertoneEvent>, types && new Set<EventType>(types));
    }
    return stream;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<UndertoneEvent> {
    return this.events();
  }

  /**
   * Moves one's own consent.
   * @param noticeVersion - of the text that was shown; needed for a yes, not for a no
   * @throws ClientError `notice-outdated`, `forbidden`, ...
   */
  async setConsent(consent: Partial<PerModality>, noticeVersion?: string): Promise<ReplyOf<'consent.set'>> {
    return this.request('consent.set', { ...consent, ...(noticeVersion !== undefined && { noticeVersion }) });
  }

  /** @throws ClientError `no-consent` unless one's words may be analysed */
  async pushTranscript(segment: RequestOf<'transcript.push'>): Promise<void> {
    await this.request('transcript.push', segment);
  }

  /** @param labels - the name of a shipped set, or 2 to 64 labels of one's own */
  setLabels(labels: string | string[], kind?: 'single' | 'multi'): Promise<ReplyOf<'labels.set'>> {
    return this.request('labels.set', { labels, ...(kind && { kind }) });
  }

  /**
   * Any request of the contract.
   * @throws ClientError when the server refuses or does not answer
   */
  request<N extends RequestName>(name: N, payload: RequestOf<N>): Promise<ReplyOf<N>> {
    if (this.#ended) return Promise.reject(this.#ended);
    return ask(this.#connection.socket, name, payload, this.#timeoutMs);
  }

  /**
   * Plays a meeting that was kept, over this client's connection and with its token. It ends with the client; where no call of
   * that room goes on, use `openReplay()`.
   */
  replay(meetingId: string, options: ReplayOptions = {}): Replay {
    const replay: Replay = new Replay(
      { socket: this.#connection.socket, timeoutMs: this.#timeoutMs, released: () => this.#replays.delete(replay) },
      { ...options, meetingId },
    );
    if (this.#ended) replay.end(this.#ended);
    else {
      this.#replays.add(replay);
      if (this.#connection.socket.connected) replay.up();
    }
    return replay;
  }

  /** Ends the subscription and the connection. */
  close(): void {
    this.#end(new ClientError('closed', 'The client was closed.'));
  }

  #received(payload: unknown): void {
    const received = readEvent(payload);
    switch (received.kind) {
      case 'nothing':
        return;
      case 'foreign':
        this.#tellForeign(received.version);
        return;
      case 'unknown':
      case 'event': {
        const { event } = received;
        if (event.roomId !== this.roomId) return;
        if (!('seq' in event) || event.seq === undefined) this.#deliver(event, true);
        else {
          if (event.type === 'emotion.retracted') this.#withdraw(event as EventOf<'emotion.retracted'>);
          if (!this.#sequencer.take(event as NumberedEvent)) void this.#subscribe();
        }
      }
    }
  }

  /** What waits somewhere goes at once; that it was taken back is told in its turn. */
  #withdraw({ utteranceIds, alertIds = [] }: EventOf<'emotion.retracted'>): void {
    this.#retracted.add([...utteranceIds, ...alertIds]);
    const gone = (event: UndertoneEvent | NumberedEvent) => this.#retracted.concerns(event);
    this.#sequencer.forget(gone);
    for (const stream of this.#streams.keys()) stream.forget(gone);
  }

  #deliver(event: UndertoneEvent | UnknownEvent, live: boolean): void {
    const received = readEvent(event);
    if (received.kind === 'unknown') {
      this.emit('unknown', received.event, { live });
      return;
    }
    if (received.kind !== 'event') return;
    const known = received.event;
    if (known.type === 'emotion.retracted') this.#withdraw(known);
    else if (this.#retracted.concerns(known)) return;
    this.#state.set(reduceRoom(this.#state.value, known));
    this.emit('event', known, { live });
    (this.emit as (name: EventType, event: UndertoneEvent, delivery: Delivery) => void).call(this, known.type, known, {
      live,
    });
    for (const [stream, types] of this.#streams) if (!types || types.has(known.type)) stream.push(known);
  }

  async #subscribe(tries = 0): Promise<void> {
    if (this.#ended) return;
    this.#sequencer.wait();
    if (this.#asking) {
      this.#askAgain = true;
      return;
    }
    this.#asking = true;
    this.#askAgain = false;
    try {
      const { participantId, aggregate } = this.#options;
      const since = this.#sequencer.last;
      const reply = await ask(
        this.#connection.socket,
        'subscribe',
        {
          roomId: this.roomId,
          ...(participantId !== undefined && { participantId }),
          ...(aggregate && { aggregate }),
          ...(since !== undefined && { since }),
        },
        this.#timeoutMs,
      );
      if (this.#ended) return;
      checkContract(reply.contract);
      await this.#takeReply(reply, tries, since);
    } catch (error) {
      if (this.#ended) return;
      // A line that broke meanwhile leads to another subscription by itself.
      if (!this.#connection.socket.connected) return;
      this.#connection.handle(error instanceof ClientError ? error : ClientError.from(undefined));
    } finally {
      this.#asking = false;
      if (this.#askAgain && !this.#ended) void this.#subscribe();
    }
  }

  async #takeReply(reply: ReplyOf<'subscribe'>, tries: number, since: number | undefined): Promise<void> {
    const { missed = [], ok: _, ...subscription } = reply;
    // First what holds now, then what led to it: events that come after the answer have the last word.
    this.#state.set(reduceSubscription(this.#state.value, reply));
    const first = this.#answerFirst && !this.#answered && since !== undefined;
    if (first) {
      this.#announce(subscription);
      // Who waited for the answer begins to listen now, and is to hear what was missed.
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (this.#ended) return;
    }
    const outcome = this.#sequencer.caughtUp({ ...reply, missed });
    if (outcome === 'again') {
      this.#askAgain = true;
      return;
    }
    if (outcome === 'behind') {
      if (tries < BEHIND_TRIES) setTimeout(() => void this.#subscribe(tries + 1), BEHIND_MS);
      else this.#sequencer.giveUp();
    }
    if (!first) this.#announce(subscription);
  }

  #announce(subscription: Subscription): void {
    this.#answered = true;
    this.#setStatus('live');
    this.emit('subscribed', subscription);
    this.#settle.resolve(subscription);
  }

  #down(problem: ClientError): void {
    this.#sequencer.wait();
    this.emit('problem', problem);
    for (const replay of this.#replays) replay.down(problem);
    this.#setStatus(this.status === 'connecting' ? 'connecting' : 'reconnecting', problem);
  }

  #end(problem: ClientError): void {
    if (this.#ended) return;
    this.#ended = problem;
    this.#connection.close();
    for (const replay of [...this.#replays]) replay.end(problem);
    const byUser = problem.code === 'closed';
    if (!byUser) this.emit('problem', problem);
    this.#setStatus('closed', byUser ? undefined : problem);
    this.#settle.reject(problem);
    for (const stream of [...this.#streams.keys()]) stream.end(byUser ? undefined : problem);
  }

  #setStatus(status: ConnectionStatus, problem?: ClientError): void {
    const before = this.#state.value;
    if (before.status === status && before.problem === problem) return;
    this.#state.set({ ...before, status, problem });
    if (before.status !== status) this.emit('status', status);
  }

  #tellForeign(version: unknown): void {
    if (this.#foreign) return;
    this.#foreign = true;
    try {
      checkContract(`${String(version)}.0`);
    } catch (error) {
      this.emit('problem', error as ClientError);
    }
  }
}
