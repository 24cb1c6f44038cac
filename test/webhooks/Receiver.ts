import { EventEmitter, on, once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Webhook } from 'standardwebhooks';
import type { CloudEvent } from '../../plugin/events/export/cloudevents.ts';

export interface Post {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  atMs: number;
}

/** Answers with a status, or does whatever the response is good for. */
export type Answer =
  number | { status: number; headers: Record<string, string> } | ((response: ServerResponse) => void);

/** A real HTTP server that takes webhooks and fails as it is told to. */
export class Receiver extends EventEmitter<{ post: [Post] }> {
  readonly posts: Post[] = [];
  readonly #server: Server;
  #answers: Answer[] = [];

  private constructor() {
    super();
    this.#server = createServer((request, response) => {
      void Array.fromAsync(request).then((chunks) => {
        const text = Buffer.concat(chunks as Buffer[]).toString();
        const post = { path: request.url!, headers: request.headers, text, atMs: Date.now() };
        this.posts.push(post);
        const answer = this.#answers.shift() ?? 204;
        if (typeof answer === 'function') answer(response);
        else if (typeof answer === 'number') response.writeHead(answer).end();
        else response.writeHead(answer.status, answer.headers).end();
        this.emit('post', post);
      });
    });
  }

  /** @param port - 0 for any */
  static async start(t: Pick<TestContext, 'after'>, port = 0): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#server.listen(port, '127.0.0.1');
    await once(receiver.#server, 'listening');
    t.after(() => receiver.close());
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** How the next ones are answered; those after them with 204. */
  answer(...answers: Answer[]): void {
    this.#answers = answers;
  }

  /** Resolves when so many have come, with all of them. */
  async until(count: number): Promise<Post[]> {
    if (this.posts.length >= count) return this.posts;
    const signal = AbortSignal.timeout(20_000);
    for await (const _ of on(this, 'post', { signal })) if (this.posts.length >= count) break;
    return this.posts;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** What the convention's own library makes of it. @throws WebhookVerificationError */
export function verified(secret: string, { headers, text }: Post): CloudEvent {
  return new Webhook(secret).verify(text, headers as Record<string, string>) as CloudEvent;
}
