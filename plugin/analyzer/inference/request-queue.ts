import { InferenceError, OverloadedError } from './errors.ts';
import type { Work, WorkKind } from './inference-thread-protocol.ts';
import { SACRIFICES, type QueueAges, type Sacrifice, type ShedCounts } from './overload.ts';

/** First to last: results of closed utterances, media as it comes, previews of open utterances. */
export const PRIORITIES = ['final', 'stream', 'interim'] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface Waiting {
  readonly kind: WorkKind;
  readonly request: Work[WorkKind]['request'];
  readonly priority: Priority;
  /** Whose request it is. */
  readonly key: string | undefined;
  /** When it came, in ms of the batcher's clock. */
  readonly sinceMs: number;
  readonly resolve: (done: never) => void;
  readonly reject: (error: Error) => void;
}

const MESSAGES: Readonly<Record<Sacrifice, string>> = {
  interim: 'interim results are left out',
  'video-rate': 'every second face crop is left out',
  video: 'face crops are left out',
  windows: 'the oldest waiting windows are left out',
};

/**
 * The requests that wait, by priority and age, bounded in number. Knows what each sacrifice takes, makes it, and counts;
 * when to make one is for OverloadGovernor to say.
 */
export class RequestQueue {
  readonly #capacity: Readonly<Record<Priority, number>>;
  readonly #queues: Record<Priority, Waiting[]> = { final: [], stream: [], interim: [] };
  /** Keys whose latest face crop was kept, so that the next one is not. */
  readonly #keptFace = new Set<string | undefined>();
  readonly #shed = Object.fromEntries(SACRIFICES.map((name) => [name, 0])) as Record<Sacrifice, number>;
  #sacrificing: readonly Sacrifice[] = [];

  /** @param capacity most requests that may wait, by priority */
  constructor(capacity: Readonly<Record<Priority, number>>) {
    this.#capacity = capacity;
  }

  get isEmpty(): boolean {
    return PRIORITIES.every((priority) => this.#queues[priority].length === 0);
  }

  get lengths(): Readonly<Record<Priority, number>> {
    const { final, stream, interim } = this.#queues;
    return { final: final.length, stream: stream.length, interim: interim.length };
  }

  /** Requests given up since the start. */
  get shed(): ShedCounts {
    return { ...this.#shed };
  }

  ages(nowMs: number): QueueAges {
    const age = (priority: Priority) => {
      const oldest = this.#queues[priority][0];
      return oldest ? nowMs - oldest.sinceMs : 0;
    };
    return { interimMs: age('interim'), otherMs: Math.max(age('final'), age('stream')) };
  }

  /** Takes a request in, or rejects it with OverloadedError; where the queue is full another one may have to go. */
  add(item: Waiting): void {
    const refusal = this.#refusal(item) ?? this.#makeRoom(item);
    if (refusal) this.#giveUp(item, refusal);
    else this.#queues[item.priority].push(item);
  }

  /** The oldest request of the highest priority, and those of its kind that wait as well, in the order of priority. */
  takeBatch(maxBatch: Readonly<Record<WorkKind, number>>): Waiting[] {
    const kind = PRIORITIES.map((priority) => this.#queues[priority][0]).find((item) => item !== undefined)?.kind;
    if (kind === undefined) return [];
    let room = maxBatch[kind];
    return this.#remove((item) => item.kind === kind && room-- > 0);
  }

  /** Rejects all that waits under a key; returns how many. */
  discard(key: string): number {
    this.#keptFace.delete(key);
    const removed = this.#remove((item) => item.key === key);
    for (const item of removed) item.reject(discarded());
    return removed.length;
  }

  rejectAll(error: Error): void {
    for (const item of this.#remove(() => true)) item.reject(error);
  }

  /** What newcomers fall to from now on. */
  setSacrificing(sacrificing: readonly Sacrifice[]): void {
    this.#sacrificing = sacrificing;
    if (!sacrificing.includes('video-rate')) this.#keptFace.clear();
  }

  /** Makes a sacrifice among what waits. A window is old where it came before `windowsBeforeMs`. */
  sacrifice(sacrifice: Sacrifice, windowsBeforeMs: number): void {
    const takes: Record<Sacrifice, (item: Waiting) => boolean> = {
      interim: (item) => item.priority === 'interim',
      'video-rate': (item) => item.kind === 'face' && !this.#keepFace(item.key),
      video: (item) => item.kind === 'face',
      windows: (item) => item.kind !== 'labels' && item.sinceMs <= windowsBeforeMs,
    };
    for (const item of this.#remove(takes[sacrifice])) this.#giveUp(item, sacrifice);
  }

  #refusal({ kind, priority, key }: Waiting): Sacrifice | undefined {
    if (priority === 'interim' && this.#sacrificing.includes('interim')) return 'interim';
    if (kind !== 'face') return undefined;
    if (this.#sacrificing.includes('video')) return 'video';
    return this.#sacrificing.includes('video-rate') && !this.#keepFace(key) ? 'video-rate' : undefined;
  }

  /** Where a queue is full: its oldest face goes first, else its oldest window. Returns what the newcomer falls to. */
  #makeRoom({ kind, priority }: Waiting): Sacrifice | undefined {
    const queue = this.#queues[priority];
    if (queue.length < this.#capacity[priority]) return undefined;
    const face = queue.findIndex((item) => item.kind === 'face');
    const victim = face >= 0 ? face : queue.findIndex((item) => item.kind !== 'labels');
    const sacrifice = priority === 'interim' ? 'interim' : face >= 0 || kind === 'face' ? 'video' : 'windows';
    if (victim < 0 || (kind === 'face' && face < 0)) return sacrifice;
    this.#giveUp(queue.splice(victim, 1)[0]!, sacrifice);
    return undefined;
  }

  #keepFace(key: string | undefined): boolean {
    if (this.#keptFace.delete(key)) return false;
    this.#keptFace.add(key);
    return true;
  }

  #remove(matches: (item: Waiting) => boolean): Waiting[] {
    const removed: Waiting[] = [];
    for (const priority of PRIORITIES) {
      this.#queues[priority] = this.#queues[priority].filter((item) => {
        if (!matches(item)) return true;
        removed.push(item);
        return false;
      });
    }
    return removed;
  }

  #giveUp(item: Waiting, sacrifice: Sacrifice): void {
    this.#shed[sacrifice]++;
    item.reject(new OverloadedError(`Inference is overloaded: ${MESSAGES[sacrifice]}.`));
  }
}

export function discarded(): InferenceError {
  return new InferenceError('discarded', 'The request was discarded before its result was there.');
}
