import { EVENT_TYPES } from '../plugin/events/contract/v1/event-types.ts';
import type { UndertoneEvent } from '../plugin/events/contract/v1/types.ts';
import { CONTRACT_MAJOR } from '../plugin/events/contract/v1/version.ts';

/** An event of a type that this client does not know: a later server has it. */
export interface UnknownEvent {
  v: 1;
  type: string;
  roomId: string;
  seq?: number;
  [field: string]: unknown;
}

export type Received =
  | { kind: 'event'; event: UndertoneEvent }
  | { kind: 'unknown'; event: UnknownEvent }
  /** Of another version of the contract. */
  | { kind: 'foreign'; version: unknown }
  | { kind: 'nothing' };

const KNOWN: ReadonlySet<string> = new Set(EVENT_TYPES);

/** Tells what it is that came over the wire. Fields beyond those that number and sort events are the server's to get right. */
export function readEvent(value: unknown): Received {
  if (typeof value !== 'object' || value === null) return { kind: 'nothing' };
  const { v, type, roomId, seq } = value as Record<string, unknown>;
  if (typeof type !== 'string' || typeof roomId !== 'string') return { kind: 'nothing' };
  if (v !== CONTRACT_MAJOR) return { kind: 'foreign', version: v };
  if (seq !== undefined && !(Number.isSafeInteger(seq) && (seq as number) > 0)) return { kind: 'nothing' };
  if (!KNOWN.has(type)) return { kind: 'unknown', event: value as UnknownEvent };
  // What is numbered and what is not is part of the contract: without a number, order cannot be kept.
  if ((seq === undefined) !== (type === 'emotion.interim')) return { kind: 'nothing' };
  return { kind: 'event', event: value as UndertoneEvent };
}
