import { EventEmitter, on } from 'node:events';
import { io, type Socket } from 'socket.io-client';
import type { EventOf, EventType, UndertoneEvent } from '../../plugin/index.ts';

type Ack =
  { ok: true; [name: string]: unknown } | { ok: false; error: { code: string; message: string; field?: string } };

/** Subscribes to a room like any client and keeps every event. */
export class EmotionClient extends EventEmitter<{ event: [UndertoneEvent] }> {
  readonly socket: Socket;
  readonly events: UndertoneEvent[] = [];

  constructor(url: string, token: string) {
    super();
    this.setMaxListeners(50);
    this.socket = io(`${url}/emotion`, { auth: { token }, transports: ['websocket'], forceNew: true });
    this.socket.onAny((_name: string, event: UndertoneEvent) => {
      this.events.push(event);
      this.emit('event', event);
    });
  }

  /** Sends a client event and waits for its acknowledgement. */
  request(name: string, payload: object): Promise<Ack> {
    return this.socket.timeout(10_000).emitWithAck(name, payload) as Promise<Ack>;
  }

  of<T extends EventType>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** The first event, past or to come, that satisfies the condition. */
  async until(condition: (event: UndertoneEvent) => boolean, timeoutMs = 30_000): Promise<UndertoneEvent> {
    const past = this.events.find(condition);
    if (past) return past;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      for await (const [event] of on(this, 'event', { signal }) as AsyncIterable<[UndertoneEvent]>) {
        if (condition(event)) return event;
      }
    } catch (error) {
      const seen = this.events.map(({ type }) => type).join(', ');
      throw new Error(`no such event within ${timeoutMs} ms; there were: ${seen || 'none'}`, { cause: error });
    }
    throw new Error('unreachable');
  }

  close(): void {
    this.socket.disconnect();
  }
}

/** Joins a room over HTTP, as the page does. */
export async function joinRoom(url: string, roomId: string, displayName: string) {
  const response = await fetch(`${url}/v1/rooms/${roomId}/participants`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ displayName }),
  });
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as { roomId: string; participantId: string; token: string };
}
