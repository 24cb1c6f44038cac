import { ArrivalOffset } from './arrival-offset.ts';
import { ReportLine } from './report-line.ts';
import type { SenderReport } from './rtcp.ts';
import { SenderClock } from './sender-clock.ts';
import type { ClockOffset } from './sender-clock.ts';
import { Unwrapper } from './sequence.ts';
import { Timeline } from './timeline.ts';

export interface RtpClockOptions {
  /** Ticks a second, as negotiated: 48000 for Opus, 90000 for video. */
  clockRate: number;
  /** The one clock of the participant, shared by all of the participant's streams. */
  senderClock?: SenderClock;
}

type Report = Pick<SenderReport, 'ntpMs' | 'rtpTimestamp'>;

/** What the wall times rest on at present. */
export type ClockSource = 'none' | 'arrival' | 'reports';

/** Timestamps that deviate by more than this from what time allows are of another timeline, or forged. */
const JUMP_MS = 2000;
/** Packets in a row that must agree on a new timeline before it is believed. */
const CONFIRMATIONS = 3;
const AGREEMENT_MS = 500;
/** A report whose timestamp is further than this from where the stream should be is left out. */
const MAX_REPORT_DISTANCE_MS = 5000;
/** Without a report for longer than this, arrival is the better witness. */
const MAX_REPORT_SILENCE_MS = 60_000;

/**
 * Maps the RTP timestamps of one stream to wall time at the SFU (RFC 3550 6.4.1). Until the first sender report it maps
 * by the arrival of the packet that waited least; then by a line through the last reports to the sender's clock, and
 * from there by the offset that all streams of the participant share. The change-over is gradual, drift is followed,
 * and the result never runs backwards while timestamps run forwards. Jumps of the timestamps are believed when three
 * packets agree on them.
 */
export class RtpClock {
  readonly #msPerTick: number;
  readonly #senderClock: SenderClock;
  readonly #unwrapper = new Unwrapper(32);
  readonly #line = new ReportLine();
  readonly #arrivals = new ArrivalOffset();
  readonly #timeline = new Timeline();
  #offset: ClockOffset | null = null;
  #started = false;
  #highestMs = 0;
  #arrivalMs = Number.NEGATIVE_INFINITY;
  #reportedAtMs = Number.NEGATIVE_INFINITY;
  /** A report that came before the first packet. */
  #early: { report: Report; arrivalMs: number } | null = null;
  #candidate: { offsetMs: number; count: number } | null = null;

  /** Times that a new timeline was taken up after the first. */
  resyncs = 0;
  /** Sender reports used, and left out as implausible. */
  reports = 0;
  reportsIgnored = 0;

  /** @throws RangeError when `clockRate` is not a positive number */
  constructor(options: RtpClockOptions) {
    if (!(options.clockRate > 0 && Number.isFinite(options.clockRate))) {
      throw new RangeError(`clockRate is ${options.clockRate}: give the positive number of ticks a second.`);
    }
    this.#msPerTick = 1000 / options.clockRate;
    this.#senderClock = options.senderClock ?? new SenderClock();
  }

  get source(): ClockSource {
    if (!this.#started) return 'none';
    return this.#usesReports() ? 'reports' : 'arrival';
  }

  /** Deviation of the stream's clock from its nominal rate, in ppm, as the reports show it. */
  get driftPpm(): number {
    return this.#usesReports() ? this.#line.driftPpm : 0;
  }

  /** A packet of this timestamp has arrived. `arrivalMs` is wall time. */
  onArrival(rtpTimestamp: number, arrivalMs: number): void {
    const ticks = this.#unwrapper.peek(rtpTimestamp);
    const mediaMs = ticks * this.#msPerTick;
    if (!this.#started) {
      this.#begin(ticks, arrivalMs);
      if (this.#early) this.onSenderReport(this.#early.report, this.#early.arrivalMs);
      this.#early = null;
      return;
    }
    if (this.#implausible(mediaMs, arrivalMs)) {
      this.#consider(ticks, arrivalMs);
      return;
    }
    this.#candidate = null;
    this.#arrivalMs = Math.max(this.#arrivalMs, arrivalMs);
    this.#sample(mediaMs, arrivalMs);
    if (mediaMs > this.#highestMs) {
      this.#highestMs = mediaMs;
      this.#unwrapper.unwrap(rtpTimestamp);
      this.#timeline.advance(mediaMs, this.#target(mediaMs));
    }
  }

  /** A sender report of this stream has arrived; one without wall clock, or one that cannot be, is left out. */
  onSenderReport(report: Report, arrivalMs: number): void {
    if (!this.#started) {
      this.#early = { report, arrivalMs };
      return;
    }
    const mediaMs = this.#unwrapper.peek(report.rtpTimestamp) * this.#msPerTick;
    if (report.ntpMs === null || !this.#line.continues(mediaMs) || !this.#plausibleReport(mediaMs, arrivalMs)) {
      this.reportsIgnored++;
      return;
    }
    const expectedNtpMs = this.#usesReports() ? this.#line.toNtpMs(mediaMs) : null;
    const offset = this.#senderClock.offsetFor(report.ntpMs, arrivalMs, expectedNtpMs);
    // The sender's clock has been set: what the line says is of the clock before.
    if (this.#offset !== null && offset !== this.#offset) this.#line.reset();
    this.#line.add(mediaMs, report.ntpMs);
    this.reports++;
    this.#reportedAtMs = arrivalMs;
    this.#offset = offset;
  }

  /**
   * Wall time in ms since 1970, as a fraction, of a timestamp at or near what has arrived. A timestamp that no packet of
   * this timeline can have gets the time of the latest arrival.
   */
  toWallMs(rtpTimestamp: number): number {
    const mediaMs = this.#unwrapper.peek(rtpTimestamp) * this.#msPerTick;
    if (Math.abs(mediaMs - this.#highestMs) > JUMP_MS) return Math.max(this.#timeline.latestMs, this.#arrivalMs);
    return this.#timeline.at(mediaMs);
  }

  /** The stream has been replaced (new SSRC): forgets its timeline. Wall time still does not run backwards. */
  reset(): void {
    this.#unwrapper.reset();
    this.#started = false;
    this.#forgetTimeline();
  }

  #begin(ticks: number, arrivalMs: number): void {
    const mediaMs = ticks * this.#msPerTick;
    this.#started = true;
    this.#highestMs = mediaMs;
    this.#arrivalMs = Math.max(this.#arrivalMs, arrivalMs);
    this.#unwrapper.unwrap(ticks);
    this.#arrivals.sample(mediaMs, arrivalMs);
    this.#timeline.start(mediaMs, arrivalMs);
  }

  #sample(mediaMs: number, arrivalMs: number): void {
    if (this.#arrivals.sample(mediaMs, arrivalMs)) this.#forgetReports();
    else if (this.#usesReports()) this.#offset?.sample(this.#line.toNtpMs(mediaMs), arrivalMs);
  }

  #target(mediaMs: number): number {
    if (this.#offset && this.#usesReports()) return this.#line.toNtpMs(mediaMs) + this.#offset.valueMs;
    return mediaMs + this.#arrivals.valueMs;
  }

  #usesReports(): boolean {
    return (
      this.#offset !== null && this.#line.size > 0 && this.#arrivalMs - this.#reportedAtMs <= MAX_REPORT_SILENCE_MS
    );
  }

  #implausible(mediaMs: number, arrivalMs: number): boolean {
    const ahead = mediaMs - this.#highestMs;
    return ahead < -JUMP_MS || ahead > Math.max(0, arrivalMs - this.#arrivalMs) + JUMP_MS;
  }

  #plausibleReport(mediaMs: number, arrivalMs: number): boolean {
    const ahead = mediaMs - this.#highestMs;
    const elapsed = Math.max(0, arrivalMs - this.#arrivalMs);
    return ahead >= -MAX_REPORT_DISTANCE_MS && ahead <= elapsed + MAX_REPORT_DISTANCE_MS;
  }

  #consider(ticks: number, arrivalMs: number): void {
    const offsetMs = arrivalMs - ticks * this.#msPerTick;
    if (this.#candidate && Math.abs(this.#candidate.offsetMs - offsetMs) <= AGREEMENT_MS) this.#candidate.count++;
    else this.#candidate = { offsetMs, count: 1 };
    if (this.#candidate.count < CONFIRMATIONS) return;
    this.resyncs++;
    this.#forgetTimeline();
    this.#begin(ticks, arrivalMs);
  }

  #forgetTimeline(): void {
    this.#candidate = null;
    this.#arrivals.reset();
    this.#forgetReports();
  }

  #forgetReports(): void {
    this.#line.reset();
    this.#offset = null;
  }
}
