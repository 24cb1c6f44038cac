/** What the processes of the benchmark say to each other. */

export interface FanoutLoad {
  perSecond: number;
  seconds: number;
}

export type FromServer =
  { is: 'ready'; url: string; token: string } | { is: 'done'; sent: number; cpuPercent: number; rssMb: number };

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
