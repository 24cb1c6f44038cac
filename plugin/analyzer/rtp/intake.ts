import { RtpClock } from './clock.ts';
import { parseRtp } from './packet.ts';
import type { RtpPacket } from './packet.ts';
import { ReorderBuffer } from './reorder.ts';
import type { Gap } from './reorder.ts';
import { isRtcp, parseRtcp } from './rtcp.ts';
import type { SenderReport } from './rtcp.ts';
import type { SenderClock } from './sender-clock.ts';
import { StreamGate } from './stream-gate.ts';

export interface ReceiverOptions {
  /** Ticks a second, as negotiated. */
  clockRate: number;
  /** 0..127; packets of other types are dropped. */
  payloadType: number;
  /** The consumer's SSRC; without it the first stream of the payload type is followed. */
  ssrc?: number;
  /** The one clock of the participant, given to audio and video alike. */
  senderClock?: SenderClock;
}

/** Counts since the receiver was made. */
export interface IntakeStats {
  /** RTP packets of the stream, and their bytes with headers. */
  readonly packets: number;
  readonly bytes: number;
  /** Datagrams that are neither RTP nor RTCP. */
  readonly malformed: number;
  /** RTP of another payload type or SSRC. */
  readonly foreign: number;
  readonly duplicates: number;
  /** Packets that came after they had been given up. */
  readonly late: number;
  /** Packets given up. */
  readonly lost: number;
  readonly reordered: number;
  /** New streams or timelines: change of SSRC, jump of sequence numbers or timestamps. */
  readonly restarts: number;
  /** Sender reports used. */
  readonly senderReports: number;
  readonly reorderDepthMs: number;
}

/** What all receivers do first: parse, turn away what is not of the stream, keep its clock, put it in order. */
export class Intake {
  readonly clock: RtpClock;
  readonly #gate: StreamGate;
  readonly #reorder = new ReorderBuffer();
  #packets = 0;
  #bytes = 0;
  #malformed = 0;
  #foreign = 0;
  #replacements = 0;
  #replaced = false;
  /** The last report from before the stream was known. */
  #early: { report: SenderReport; arrivalMs: number } | null = null;
  #ended = false;

  /** @throws RangeError when `clockRate` or `payloadType` is out of range */
  constructor(options: ReceiverOptions) {
    if (!Number.isInteger(options.payloadType) || options.payloadType < 0 || options.payloadType > 127) {
      throw new RangeError(`payloadType is ${options.payloadType}: give an integer from 0 to 127.`);
    }
    this.clock = new RtpClock(options);
    this.#gate = new StreamGate(options);
  }

  /** The sender has said goodbye and nothing came since. */
  get ended(): boolean {
    return this.#ended;
  }

  get queued(): number {
    return this.#reorder.queued;
  }

  get reorderDepthMs(): number {
    return this.#reorder.depthMs;
  }

  get stats(): IntakeStats {
    return {
      packets: this.#packets,
      bytes: this.#bytes,
      malformed: this.#malformed,
      foreign: this.#foreign,
      duplicates: this.#reorder.duplicates,
      late: this.#reorder.late,
      lost: this.#reorder.lost,
      reordered: this.#reorder.reordered,
      restarts: this.#reorder.restarts + this.#replacements + this.clock.resyncs,
      senderReports: this.clock.reports,
      reorderDepthMs: this.#reorder.depthMs,
    };
  }

  /** Takes one datagram, RTP or RTCP, which must not be changed afterwards as views of it are kept. Never throws. */
  push(datagram: Uint8Array, arrivalMs: number): void {
    if (isRtcp(datagram)) {
      this.#control(datagram, arrivalMs);
      return;
    }
    const packet = parseRtp(datagram);
    if (!packet) {
      this.#malformed++;
      return;
    }
    const admission = this.#gate.admit(packet);
    if (admission === 'foreign') {
      this.#foreign++;
      return;
    }
    if (admission === 'replaced') this.#replace();
    if (this.#early) this.#useEarlyReport(packet.ssrc);
    this.#packets++;
    this.#bytes += datagram.byteLength;
    this.#ended = false;
    if (this.#reorder.put(packet, arrivalMs) === 'queued') this.clock.onArrival(packet.timestamp, arrivalMs);
  }

  /** What is due, in order; a gap first when the stream was replaced. */
  take(nowMs: number): Array<RtpPacket | Gap> {
    const due = this.#reorder.take(nowMs);
    if (this.#replaced) due.unshift({ kind: 'gap', count: 1 });
    this.#replaced = false;
    return due;
  }

  /** Forgets what waits and the position, as after a pause; clock and counts stay. */
  reset(): void {
    this.#reorder.reset();
  }

  #replace(): void {
    this.#replacements++;
    this.#replaced = true;
    this.#reorder.reset();
    this.clock.reset();
  }

  #useEarlyReport(ssrc: number): void {
    if (this.#early?.report.ssrc === ssrc) this.clock.onSenderReport(this.#early.report, this.#early.arrivalMs);
    this.#early = null;
  }

  #control(datagram: Uint8Array, arrivalMs: number): void {
    for (const item of parseRtcp(datagram)) {
      if (item.kind === 'sender-report') {
        if (item.ssrc === this.#gate.ssrc) this.clock.onSenderReport(item, arrivalMs);
        else if (this.#gate.ssrc === null) this.#early = { report: item, arrivalMs };
      } else if (this.#gate.ssrc !== null && item.ssrcs.includes(this.#gate.ssrc)) {
        this.#ended = true;
      }
    }
  }
}
