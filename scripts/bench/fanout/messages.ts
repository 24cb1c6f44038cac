/** What the processes of the benchmark say to each other. */

/** What a server process is told on its command line, as JSON. */
export interface ServerRole {
  kind: 'undertone' | 'bare-socket.io';
  /** With several nodes: the Redis that they share. */
  redisUrl?: string;
  tokenSecret: string;
  /** Whether the room is opened here; a token comes with it. */
  owner: boolean;
}

export interface FanoutLoad {
  /** 0 for a node that only passes events on. */
  perSecond: number;
  seconds: number;
}

export type FromServer =
  | { is: 'ready'; url: string; token: string | undefined }
  | { is: 'done'; sent: number; cpuPercent: number; rssMb: number };

export interface SubscribersResult {
  is: 'result';
  /** From the emit in the server to the receipt by a subscriber, one for each event and subscriber. */
  lateMs: number[];
  outOfOrder: number;
}

export type FromSubscribers = { is: 'ready' } | SubscribersResult;

export const ROOM = 'fanout';

/** The monotonic clock of the machine, which all its processes share. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
