import { randomBytes } from 'node:crypto';
import type { Logger } from '../../plugin/UndertoneTypes.ts';
import { RequestError } from '../sfu/RequestError.ts';
import type { Redis } from './redis.ts';

const ANSWER_MS = 5_000;
/** Nodes that do not answer a question to all by then are left out. */
const ALL_ANSWER_MS = 2_000;

/** Answers a question of another node. A RequestError is thrown again over there. */
export type Answer = (payload: never, from: string) => unknown;

interface Message {
  id: string;
  from: string;
  name?: string;
  payload?: unknown;
  answer?: unknown;
  error?: { code: RequestError['code']; message: string; field?: string; url?: string };
}

interface Waiting {
  take: (message: Message) => void;
}

export interface NodeLinkOptions {
  redis: Redis;
  prefix: string;
  node: string;
  toRequestError: (error: unknown) => RequestError;
  log: Logger;
}

/** Questions and answers between nodes, by Redis's channels: nothing of them is kept there. */
export class NodeLink {
  readonly #options: NodeLinkOptions;
  readonly #subscriber: Redis;
  readonly #answers = new Map<string, Answer>();
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: NodeLinkOptions) {
    this.#options = options;
    this.#subscriber = options.redis.duplicate();
    this.#subscriber.on('error', () => undefined);
  }

  /** Listens as soon as Redis is there. */
  async open(): Promise<void> {
    const hear = (text: string) => this.#heard(text);
    await this.#subscriber.connect();
    await this.#subscriber.subscribe([this.#channel(this.#options.node), this.#all], hear);
  }

  on(name: string, answer: Answer): void {
    this.#answers.set(name, answer);
  }

  /** @throws RequestError what the other node threw; `unavailable` when it does not answer */
  async ask<T>(node: string, name: string, payload: object): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<Message | undefined>();
    const timer = setTimeout(() => resolve(undefined), ANSWER_MS);
    const id = this.#expect(resolve);
    try {
      const heard = await this.#send(this.#channel(node), { id, from: this.#options.node, name, payload });
      const message = heard === 0 ? undefined : await promise;
      if (!message) throw unavailable();
      const { error } = message;
      if (error) throw new RequestError(error.code, error.message, error.field, error.url);
      return message.answer as T;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** The answers of all other nodes that give one in time. */
  async askAll<T>(name: string, payload: object): Promise<T[]> {
    return (await this.#askAll<T>(name, payload)).answers;
  }

  /** @throws RequestError `unavailable` unless every other node gives one */
  async askEach<T>(name: string, payload: object): Promise<T[]> {
    const { answers, missing } = await this.#askAll<T>(name, payload);
    if (missing === 0) return answers;
    throw new RequestError('unavailable', `${missing} of the servers did not do it; try again in a moment`);
  }

  async #askAll<T>(name: string, payload: object): Promise<{ answers: T[]; missing: number }> {
    const answers: T[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    let expected = Infinity;
    let came = 0;
    const id = this.#expect(({ answer, error }) => {
      if (!error) answers.push(answer as T);
      came += 1;
      if (came >= expected) resolve();
    });
    const timer = setTimeout(resolve, ALL_ANSWER_MS);
    try {
      // This node hears itself, and does not answer.
      expected = (await this.#send(this.#all, { id, from: this.#options.node, name, payload })) - 1;
      if (came < expected) await promise;
      return { answers, missing: expected - answers.length };
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  close(): void {
    this.#subscriber.destroy();
  }

  get #all(): string {
    return `${this.#options.prefix}nodes`;
  }

  #channel(node: string): string {
    return `${this.#options.prefix}node:${node}`;
  }

  #expect(take: (message: Message) => void): string {
    const id = randomBytes(12).toString('base64url');
    this.#waiting.set(id, { take });
    return id;
  }

  async #send(channel: string, message: Message): Promise<number> {
    try {
      return Number(await this.#options.redis.publish(channel, JSON.stringify(message)));
    } catch {
      throw unavailable();
    }
  }

  #heard(text: string): void {
    const message = JSON.parse(text) as Message;
    if (message.name === undefined) this.#waiting.get(message.id)?.take(message);
    else if (message.from !== this.#options.node) void this.#reply(message, message.name);
  }

  async #reply({ id, from, payload }: Message, name: string): Promise<void> {
    const { node, log, toRequestError } = this.#options;
    const reply: Message = { id, from: node };
    try {
      const answer = this.#answers.get(name);
      if (!answer) throw new RequestError('unknown-event', `this node knows no ${name}; do all run one version?`);
      reply.answer = await answer(payload as never, from);
    } catch (error) {
      const told = toRequestError(error);
      if (told.code === 'internal') log.error({ name, err: error }, 'question of another node failed');
      reply.error = told.toJSON();
    }
    // Who asked gives up by itself.
    await this.#send(this.#channel(from), reply).catch(() => undefined);
  }
}

function unavailable(): RequestError {
  return new RequestError('unavailable', 'the server that has the call does not answer; try again in a moment');
}
