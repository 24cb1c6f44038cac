import type { ReplayMessage, ReplayMessageName, UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import type { StoredEvent } from '../store/index.ts';
import type { Pressure } from './Pressure.ts';
import type { Outlet, Position, Standing } from './session/SessionTypes.ts';

export type Send = <N extends ReplayMessageName>(name: N, payload: ReplayMessage<N>) => void;

/** `JSON.stringify` of what it wrote itself gives the same bytes again. */
const parse = ({ json }: StoredEvent) => JSON.parse(json) as UndertoneEvent;

/** A viewer at the other end of a Socket.IO connection. */
export class SocketOutlet implements Outlet {
  readonly #replayId: string;
  readonly #send: Send;
  readonly #pressure: Pressure;

  constructor(replayId: string, send: Send, pressure: Pressure) {
    this.#replayId = replayId;
    this.#send = send;
    this.#pressure = pressure;
  }

  get writable(): boolean {
    return this.#pressure.writable;
  }

  onceWritable(listener: () => void): void {
    this.#pressure.onceWritable(listener);
  }

  event(event: StoredEvent): void {
    this.#send('replay.event', { replayId: this.#replayId, ord: event.ord, event: parse(event) });
  }

  state({ events, present }: Standing, position: Position): void {
    const told = { events: events.map(parse), present: [...present] };
    this.#send('replay.state', { replayId: this.#replayId, ...position, ...told });
  }

  position(position: Position): void {
    this.#send('replay.position', { replayId: this.#replayId, ...position });
  }

  retracted(participantId: string): void {
    this.#send('replay.retracted', { replayId: this.#replayId, participantId });
  }
}
