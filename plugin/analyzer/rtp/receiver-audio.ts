import { Intake } from './intake.ts';
import type { IntakeStats, ReceiverOptions } from './intake.ts';
import { OPUS_CLOCK_RATE, parseOpus } from './opus.ts';
import type { OpusPacketInfo } from './opus.ts';
import type { RtpPacket } from './packet.ts';
import { isGap } from './reorder.ts';
import { Unwrapper } from './sequence.ts';

export interface AudioReceiverOptions extends Omit<ReceiverOptions, 'clockRate'> {
  /** @default 48000, the only clock rate of Opus */
  clockRate?: number;
}

/** One Opus packet to decode. */
export interface AudioPacketItem {
  readonly kind: 'packet';
  readonly payload: Uint8Array;
  readonly rtpTimestamp: number;
  readonly wallMs: number;
  /** Length of the sound in the packet. */
  readonly durationMs: number;
  /**
   * Sound at the packet's start that has been told of as silence before, because it came later than was waited: decode
   * the packet and leave that much out. 0 but for rare cases.
   */
  readonly skipMs: number;
}

/** One packet's length of sound that did not come: to be concealed. */
export interface AudioLostItem {
  readonly kind: 'lost';
  readonly wallMs: number;
  readonly durationMs: number;
  /** The packet right after, when it carries this sound once more (in-band FEC). It follows as an item of its own too. */
  readonly fecFrom?: Uint8Array;
}

/** The sender is silent and sends nothing: silence of that length, part of the timeline. */
export interface AudioDtxItem {
  readonly kind: 'dtx';
  readonly wallMs: number;
  readonly durationMs: number;
}

/** Nothing to conceal any more: an utterance ends here. */
export interface AudioLongGapItem {
  readonly kind: 'long-gap';
  /** Where sound ended. */
  readonly wallMs: number;
  readonly durationMs: number;
  /**
   * True while nothing has come since: the length is that so far, and the timeline does not go on yet. What comes next
   * is a long gap of the true length with `open: false`, or the sound itself if it was only held up.
   */
  readonly open: boolean;
}

export type AudioItem = AudioPacketItem | AudioLostItem | AudioDtxItem | AudioLongGapItem;

export interface AudioReceiverStats extends IntakeStats {
  /** Sound that did not come, in ms, and how much of it the next packet's FEC holds. */
  readonly lostMs: number;
  readonly fecMs: number;
  readonly dtxMs: number;
  readonly longGaps: number;
  /** Packets that are no Opus; their sound counts as lost. */
  readonly malformedPackets: number;
  /** Packets whose sound had been told of already. */
  readonly overlapping: number;
}

const TICKS_PER_MS = OPUS_CLOCK_RATE / 1000;
const DEFAULT_PACKET_TICKS = 20 * TICKS_PER_MS;
/** More than this is not concealed. */
const LONG_GAP_TICKS = 500 * TICKS_PER_MS;
/** libopus sends a packet at least every 400 ms of silence; twice that, and the sender has stopped. */
const MAX_DTX_TICKS = 1000 * TICKS_PER_MS;
/** Timestamps that go back further than this are of a new timeline. */
const MAX_OVERLAP_TICKS = 2000 * TICKS_PER_MS;
/** Silence is told of this much after it could have been broken, so that jitter does not contradict it. */
const MIN_DTX_MARGIN_MS = 60;

/**
 * One Opus stream (RFC 7587) from datagrams to a gapless line of packets, losses, silence and long gaps on the wall
 * clock. Time is passed in, there are no timers: call `poll` about every 10 ms.
 */
export class AudioReceiver {
  readonly #intake: Intake;
  readonly #unwrapper = new Unwrapper(32);
  /** Where the next item begins, in unwrapped ticks; null before the first packet. */
  #nextTicks: number | null = null;
  #packetTicks = DEFAULT_PACKET_TICKS;
  #missing = 0;
  #silent = false;
  #silentTicks = 0;
  #open = false;
  /** Wall time of the line's end. */
  #endWallMs = 0;
  #stats = { lostMs: 0, fecMs: 0, dtxMs: 0, longGaps: 0, malformedPackets: 0, overlapping: 0 };

  /** @throws RangeError when an option is out of range */
  constructor(options: AudioReceiverOptions) {
    const clockRate = options.clockRate ?? OPUS_CLOCK_RATE;
    if (clockRate !== OPUS_CLOCK_RATE) {
      throw new RangeError(`clockRate is ${clockRate}: Opus has 48000 always (RFC 7587); give that or leave it out.`);
    }
    this.#intake = new Intake({ ...options, clockRate });
  }

  /** The sender has said goodbye and nothing came since. */
  get ended(): boolean {
    return this.#intake.ended;
  }

  get stats(): AudioReceiverStats {
    return { ...this.#intake.stats, ...this.#stats };
  }

  /** Takes one datagram, RTP or RTCP, which must not be changed afterwards as views of it are kept. Never throws. */
  push(datagram: Uint8Array, arrivalMs: number): void {
    this.#intake.push(datagram, arrivalMs);
  }

  /** The items that are due by now, in order, each beginning where the one before it ends. */
  poll(nowMs: number): AudioItem[] {
    const items: AudioItem[] = [];
    for (const item of this.#intake.take(nowMs)) {
      if (isGap(item)) this.#missing += item.count;
      else if (item.payload.byteLength > 0) this.#onPacket(item, items);
    }
    if (this.#intake.queued === 0) this.#onNothing(nowMs, items);
    return items;
  }

  /** Forgets what waits and where the line was, as after a pause: the next packet begins a new one. */
  reset(): void {
    this.#intake.reset();
    this.#startAnew();
  }

  #startAnew(): void {
    this.#nextTicks = null;
    this.#missing = 0;
    this.#silent = false;
    this.#silentTicks = 0;
    this.#open = false;
  }

  #onPacket(packet: RtpPacket, items: AudioItem[]): void {
    const info = parseOpus(packet.payload);
    if (!info) {
      this.#stats.malformedPackets++;
      this.#missing++;
      return;
    }
    const ticks = this.#unwrapper.unwrap(packet.timestamp);
    const next = this.#nextTicks ?? ticks;
    if (ticks < next - MAX_OVERLAP_TICKS) this.#breakAt(ticks, items);
    else if (ticks > next) this.#bridge(next, ticks, packet.payload, info, items);
    this.#missing = 0;
    this.#open = false;

    const start = Math.max(ticks, this.#nextTicks ?? ticks);
    const end = ticks + info.durationTicks;
    if (end <= start) {
      this.#stats.overlapping++;
      return;
    }
    this.#emit(packet, info, ticks, start, items);
    this.#nextTicks = end;
    this.#endWallMs = this.#wallMs(end);
    this.#packetTicks = info.durationTicks;
  }

  #emit(packet: RtpPacket, info: OpusPacketInfo, ticks: number, start: number, items: AudioItem[]): void {
    if (info.dtx) {
      if (!this.#silent) this.#silentTicks = 0;
      this.#silent = true;
      this.#pushDtx(start, ticks + info.durationTicks - start, items);
      return;
    }
    this.#silent = false;
    items.push({
      kind: 'packet',
      payload: packet.payload,
      rtpTimestamp: packet.timestamp,
      wallMs: this.#wallMs(ticks),
      durationMs: info.durationTicks / TICKS_PER_MS,
      skipMs: (start - ticks) / TICKS_PER_MS,
    });
  }

  /** From where the line ended to a packet further on: silence that was not sent, loss, or more than can be concealed. */
  #bridge(next: number, ticks: number, payload: Uint8Array, info: OpusPacketInfo, items: AudioItem[]): void {
    const total = ticks - next;
    const limit = this.#missing === 0 && this.#silent ? MAX_DTX_TICKS : LONG_GAP_TICKS;
    if (total > limit) {
      this.#breakAt(ticks, items);
      return;
    }
    const lost = Math.min(total, this.#missing * Math.max(this.#packetTicks, info.durationTicks));
    if (total > lost) this.#pushDtx(next, total - lost, items);
    this.#pushLost(ticks - lost, ticks, payload, info, items);
    this.#nextTicks = ticks;
  }

  /** Loss, one packet's length at a time and the odd rest first, so that the last one is what FEC holds. */
  #pushLost(from: number, to: number, payload: Uint8Array, info: OpusPacketInfo, items: AudioItem[]): void {
    let at = from;
    while (at < to) {
      const rest = to - at;
      const length = rest % info.durationTicks || info.durationTicks;
      const held = rest === info.durationTicks && info.fec;
      const durationMs = length / TICKS_PER_MS;
      const wallMs = this.#wallMs(at);
      items.push(held ? { kind: 'lost', wallMs, durationMs, fecFrom: payload } : { kind: 'lost', wallMs, durationMs });
      this.#stats.lostMs += durationMs;
      if (held) this.#stats.fecMs += durationMs;
      at += length;
    }
  }

  #pushDtx(from: number, length: number, items: AudioItem[]): void {
    const durationMs = length / TICKS_PER_MS;
    items.push({ kind: 'dtx', wallMs: this.#wallMs(from), durationMs });
    this.#stats.dtxMs += durationMs;
  }

  #breakAt(ticks: number, items: AudioItem[]): void {
    // The end is remembered and not asked for again, as the clock may have left the timeline that it was on.
    const wallMs = this.#endWallMs;
    items.push({ kind: 'long-gap', wallMs, durationMs: Math.max(0, this.#wallMs(ticks) - wallMs), open: false });
    this.#stats.longGaps++;
    this.#nextTicks = ticks;
    this.#silent = false;
  }

  /** Nothing waits: a silent sender's silence goes on, and a stream that has stopped is told of once. */
  #onNothing(nowMs: number, items: AudioItem[]): void {
    if (this.#nextTicks === null || this.#open) return;
    const quietMs = nowMs - this.#endWallMs;
    const marginMs = Math.max(MIN_DTX_MARGIN_MS, this.#intake.reorderDepthMs);
    const packetMs = DEFAULT_PACKET_TICKS / TICKS_PER_MS;
    if (this.#silent && this.#silentTicks < MAX_DTX_TICKS) {
      const count = Math.floor((quietMs - marginMs) / packetMs);
      if (count < 1) return;
      const length = Math.min(count * DEFAULT_PACKET_TICKS, MAX_DTX_TICKS - this.#silentTicks);
      this.#pushDtx(this.#nextTicks, length, items);
      this.#silentTicks += length;
      this.#nextTicks += length;
      this.#endWallMs = this.#wallMs(this.#nextTicks);
      return;
    }
    if (quietMs <= LONG_GAP_TICKS / TICKS_PER_MS) return;
    this.#open = true;
    this.#stats.longGaps++;
    items.push({ kind: 'long-gap', wallMs: this.#endWallMs, durationMs: quietMs, open: true });
  }

  #wallMs(ticks: number): number {
    return this.#intake.clock.toWallMs(ticks >>> 0);
  }
}
