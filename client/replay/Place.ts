import type { ReplayMessage, ReplayPosition, UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import type { ClientError } from '../ClientError.ts';
import { reduceRoom } from '../reduceRoom.ts';
import { INITIAL_STATE, type ConnectionStatus, type RoomState } from '../RoomState.ts';
import { Store } from '../Store.ts';
import type { ReplayInfo } from './ReplayTypes.ts';
import { stateOf, withNames, without } from './stateOf.ts';

/** Where a replay is, and what was known of the room there. */
export class Place {
  readonly room = new Store<RoomState>(INITIAL_STATE);
  readonly position: Store<ReplayPosition>;
  #info: ReplayInfo | undefined;
  #from: number;
  /** Place of the last event that came. */
  #after: number | undefined;

  constructor(from: number, speed: number) {
    this.#from = from;
    this.position = new Store<ReplayPosition>({ positionMs: from, speed, playback: 'waiting' });
  }

  /** The meeting, once it plays. */
  get info(): ReplayInfo | undefined {
    return this.#info;
  }

  /** From where it is to be played, should it be opened again. */
  get next(): { from: number; after?: number } {
    return { from: this.#from, ...(this.#after !== undefined && { after: this.#after }) };
  }

  /** The server plays it. */
  opened(info: ReplayInfo): void {
    this.#info = info;
    this.room.update((state) => ({ ...withNames(state, info), status: 'live', problem: undefined }));
  }

  /** What becomes of the line; what is known stays. */
  line(status: ConnectionStatus, problem: ClientError | undefined): void {
    this.room.update((state) => ({ ...state, status, problem }));
  }

  /** It is to be elsewhere: what came last counts no more. */
  leaving(toMs: number): void {
    this.#from = toMs;
    this.#after = undefined;
  }

  leapt(state: ReplayMessage<'replay.state'>): void {
    const { status, problem } = this.room.value;
    this.room.set({ ...withNames(stateOf(state), this.#info), status, problem });
  }

  /** An event came, of whatever type. */
  reached(ord: number): void {
    this.#after = ord;
  }

  took(event: UndertoneEvent): void {
    if (this.#info) this.#from = Math.max(0, event.atMs - this.#info.meeting.startMs);
    this.room.set(reduceRoom(this.room.value, event));
  }

  forget(participantId: string): void {
    this.room.update((state) => without(state, participantId));
    if (!this.#info) return;
    const participants = this.#info.participants.filter((one) => one.participantId !== participantId);
    this.#info = { ...this.#info, participants };
  }
}
