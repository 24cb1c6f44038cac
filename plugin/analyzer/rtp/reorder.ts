import type { RtpPacket } from './packet.ts';
import { ReorderDepth } from './reorder-depth.ts';
import { Unwrapper } from './sequence.ts';

/** A run of sequence numbers that did not come in time. */
export interface Gap {
  readonly kind: 'gap';
  /** How many packets are missing, at least 1. */
  readonly count: number;
}

/** What became of a packet that was put in. */
export type PutOutcome = 'queued' | 'duplicate' | 'late' | 'suspect';

/** Slots; also the longest jump in sequence numbers that is taken for loss. */
const CAPACITY = 1024;
/** Packets that may stay behind a missing one before waiting for it ends. */
const MAX_QUEUED = 512;
/** Sequence numbers further back than this are not late but of another stream (MAX_MISORDER of RFC 3550 A.1). */
const MAX_MISORDER = 100;
/** So many old numbers in a row, each the successor of the one before, are of another stream too. */
const MAX_STALE_RUN = 50;

export function isGap(item: RtpPacket | Gap): item is Gap {
  return 'kind' in item;
}

/**
 * Puts packets of one stream back into order. What is in order passes at once; behind a missing packet others wait for
 * the adaptive depth, 20 to 200 ms, then the hole is given up as a `Gap`. A jump in sequence numbers of more than the
 * capacity counts only when a second packet confirms it (RFC 3550 A.1): then the buffer starts anew there.
 */
export class ReorderBuffer {
  readonly #slots = new Array<RtpPacket | null>(CAPACITY).fill(null);
  /** The unwrapped number last put in each slot; kept after the packet is taken, to know a duplicate from a late one. */
  readonly #numbers = new Float64Array(CAPACITY).fill(Number.NaN);
  readonly #arrivals = new Float64Array(CAPACITY);
  readonly #unwrapper = new Unwrapper(16);
  readonly #depth = new ReorderDepth();
  #next: number | null = null;
  #queued = 0;
  #suspect: RtpPacket | null = null;
  #stale = { number: Number.NaN, run: 0 };
  #restarted = false;

  duplicates = 0;
  late = 0;
  /** Packets given up. */
  lost = 0;
  /** Starts at another place in the number space. */
  restarts = 0;
  /** Packets that waited for one before them. */
  reordered = 0;

  /** Packets waiting. */
  get queued(): number {
    return this.#queued;
  }

  /** How long a missing packet is waited for at present. */
  get depthMs(): number {
    return this.#depth.valueMs;
  }

  put(packet: RtpPacket, nowMs: number): PutOutcome {
    this.#next ??= this.#unwrapper.unwrap(packet.sequenceNumber);
    const number = this.#unwrapper.peek(packet.sequenceNumber);

    if (number >= this.#next + CAPACITY || number < this.#next - MAX_MISORDER) return this.#suspicious(packet, nowMs);
    this.#suspect = null;

    if (number < this.#next) return this.#old(number, packet, nowMs);

    const slot = slotOf(number);
    if (this.#numbers[slot] === number) {
      this.duplicates++;
      return 'duplicate';
    }
    if (number === this.#next && this.#queued > 0) {
      this.reordered++;
      this.#depth.onFilled(nowMs);
    } else if (number > this.#next) {
      this.#depth.onHole(nowMs);
    }
    this.#slots[slot] = packet;
    this.#numbers[slot] = number;
    this.#arrivals[slot] = nowMs;
    this.#queued++;
    return 'queued';
  }

  /** All that is due by now, in order. */
  take(nowMs: number): Array<RtpPacket | Gap> {
    const due: Array<RtpPacket | Gap> = [];
    if (this.#restarted) {
      this.#restarted = false;
      due.push({ kind: 'gap', count: 1 });
    }
    while (this.#queued > 0 && this.#next !== null) {
      const slot = slotOf(this.#next);
      const packet = this.#slots[slot];
      if (packet) {
        due.push(packet);
        this.#slots[slot] = null;
        this.#queued--;
        this.#advance(this.#next + 1);
        continue;
      }

      const present = this.#firstPresent(this.#next);
      const sinceMs = this.#arrivals[slotOf(present)] ?? nowMs;
      if (nowMs - sinceMs < this.#depth.valueMs && this.#queued < MAX_QUEUED) break;
      const count = present - this.#next;
      due.push({ kind: 'gap', count });
      this.lost += count;
      this.#depth.onGivenUp(sinceMs);
      this.#advance(present);
    }
    return due;
  }

  /** Forgets packets and position; counts stay. */
  reset(): void {
    this.#slots.fill(null);
    this.#numbers.fill(Number.NaN);
    this.#unwrapper.reset();
    this.#next = null;
    this.#queued = 0;
    this.#suspect = null;
    this.#stale = { number: Number.NaN, run: 0 };
    this.#restarted = false;
  }

  #advance(next: number): void {
    this.#next = next;
    this.#unwrapper.unwrap(next & 0xffff);
  }

  #firstPresent(from: number): number {
    let number = from;
    while (!this.#slots[slotOf(number)]) number++;
    return number;
  }

  #suspicious(packet: RtpPacket, nowMs: number): PutOutcome {
    const first = this.#suspect;
    if (!first || packet.sequenceNumber !== ((first.sequenceNumber + 1) & 0xffff)) {
      this.#suspect = packet;
      return 'suspect';
    }
    this.#restart();
    this.put(first, nowMs);
    return this.put(packet, nowMs);
  }

  /** A packet whose place has been passed: late or a duplicate, unless a run of such shows another stream. */
  #old(number: number, packet: RtpPacket, nowMs: number): PutOutcome {
    this.#stale = { number, run: number === this.#stale.number + 1 ? this.#stale.run + 1 : 1 };
    if (this.#stale.run >= MAX_STALE_RUN) {
      this.#restart();
      return this.put(packet, nowMs);
    }
    const slot = slotOf(number);
    if (this.#numbers[slot] === number) {
      this.duplicates++;
      return 'duplicate';
    }
    this.late++;
    if (!this.#slots[slot]) this.#numbers[slot] = number;
    this.#depth.onLate(nowMs);
    return 'late';
  }

  #restart(): void {
    this.lost += this.#queued;
    this.reset();
    this.restarts++;
    this.#restarted = true;
  }
}

function slotOf(number: number): number {
  return ((number % CAPACITY) + CAPACITY) % CAPACITY;
}
