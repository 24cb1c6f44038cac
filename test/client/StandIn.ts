import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { CONTRACT_VERSION } from '../../plugin/events/contract/v1/version.ts';

export type Payload = Record<string, unknown>;
type Answer = Payload | undefined;

const NOTHING = { audio: false, video: false, text: false };

/**
 * A real Socket.IO server that plays the part of ours where ours would have to be brought into a state that is hard to
 * bring about: numbers that are missing, answers of another version, goodbyes.
 */
export class StandIn {
  readonly http: HttpServer;
  readonly io: Server;
  /** Durable events as the server keeps them. */
  log: Payload[] = [];
  /** Number of the newest event, where it is not that of the log. */
  seq: number | undefined;
  /** What every request carried, in order. */
  readonly asked: { name: string; payload: Payload }[] = [];
  /** The `auth` of every handshake, in order. */
  readonly handshakes: Payload[] = [];
  /** Fields that differ in the answer of `subscribe`. */
  subscribed: Payload = {};
  /** In place of the answer; `undefined` for the usual one. */
  answer: (name: string, payload: Payload) => Answer | Promise<Answer> = () => undefined;
  /** Refuses connections with it. */
  refuse: (auth: Payload) => { code: string; message: string } | undefined = () => undefined;

  private constructor() {
    this.http = createServer();
    this.io = new Server(this.http);
    const namespace = this.io.of('/emotion');
    namespace.use((socket, next) => {
      const auth = socket.handshake.auth;
      this.handshakes.push(auth);
      const data = this.refuse(auth);
      if (data) next(Object.assign(new Error(data.message), { data }));
      else next();
    });
    namespace.on('connection', (socket) => {
      socket.onAny((name: string, payload: Payload, reply: (answer: Payload) => void) => {
        this.asked.push({ name, payload });
        void Promise.resolve(this.answer(name, payload)).then((special) =>
          reply(special ?? this.#usual(name, payload)),
        );
      });
    });
  }

  static async start(): Promise<StandIn> {
    const standIn = new StandIn();
    standIn.http.listen(0, '127.0.0.1');
    await once(standIn.http, 'listening');
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get sockets(): Socket[] {
    return [...this.io.of('/emotion').sockets.values()];
  }

  /** The `since` of every subscription so far. */
  get sinces(): unknown[] {
    return this.asked.filter(({ name }) => name === 'subscribe').map(({ payload }) => payload['since']);
  }

  /** Keeps the event, as the server does before it sends it. */
  keep(...events: Payload[]): void {
    this.log.push(...events);
  }

  send(event: Payload, name = String(event['type'])): void {
    this.io.of('/emotion').emit(name, event);
  }

  /** As when a network breaks off: no goodbye. */
  breakLines(): void {
    for (const { conn } of this.sockets) conn.close();
  }

  async close(): Promise<void> {
    await this.io.close();
  }

  #usual(name: string, payload: Payload): Payload {
    if (name !== 'subscribe') return { ok: true };
    const since = payload['since'] as number | undefined;
    return {
      ok: true,
      contract: CONTRACT_VERSION,
      seq: this.seq ?? this.log.at(-1)?.['seq'] ?? 0,
      gapless: true,
      state: 'active',
      participants: [{ participantId: 'ada', displayName: 'Ada', consent: NOTHING, analysed: NOTHING }],
      labelSet: { labels: ['joy', 'neutral'] },
      missed: since === undefined ? [] : this.log.filter(({ seq }) => (seq as number) > since),
      truncated: false,
      ...this.subscribed,
    };
  }
}
