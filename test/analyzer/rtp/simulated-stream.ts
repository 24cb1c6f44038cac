import { seededRandom } from '../../../scripts/random.ts';
import type { RtpClock } from '../../../plugin/analyzer/rtp/index.ts';

export interface StreamTraits {
  clockRate: number;
  /** Time between packets by the wall. */
  packetMs: number;
  /** Timestamp of the sound or picture captured at the start. */
  firstTimestamp: number;
  /** How much faster than nominal the media clock runs. */
  driftPpm?: number;
  /** Smallest time from capture to arrival, and what queueing adds at most. */
  delayMs: number;
  jitterMs?: number;
  /** Sender's NTP time minus ours. */
  ntpOffsetMs?: number;
  ntpDriftPpm?: number;
  reportEveryMs?: number;
  firstReportMs?: number;
  /** Time from sending to arrival of a report; as that of a packet when not given. */
  reportDelayMs?: number;
  /** Share of packets and of reports that do not arrive. */
  loss?: number;
  reportLoss?: number;
  seed?: number;
}

/** The true wall time at which the capture of simulated streams starts. */
export const START_MS = Date.UTC(2026, 0, 1);

/** A sender's stream against the true wall time: feeds a clock as the network would. */
export class SimulatedStream {
  readonly #clock: RtpClock;
  readonly #traits: Required<StreamTraits>;
  readonly #random: () => number;
  #nextPacketMs = 0;
  #nextReportMs: number;
  /** Added to the timestamps from now on, as when a sender starts its timestamps anew. */
  timestampShift = 0;
  /** Added to the sender's NTP time from now on. */
  ntpShiftMs = 0;
  /** How far the timestamps in reports lie behind, as those do that an SFU makes from arrival times. */
  reportLagMs = 0;

  constructor(clock: RtpClock, traits: StreamTraits) {
    this.#clock = clock;
    this.#traits = {
      driftPpm: 0,
      jitterMs: 0,
      ntpOffsetMs: 0,
      ntpDriftPpm: 0,
      reportEveryMs: 1000,
      firstReportMs: 500,
      reportDelayMs: traits.delayMs,
      loss: 0,
      reportLoss: 0,
      seed: 1,
      ...traits,
    };
    this.#random = seededRandom(this.#traits.seed);
    this.#nextReportMs = this.#traits.firstReportMs;
  }

  /** The timestamp of what was captured `atMs` after the start. */
  timestampAt(atMs: number): number {
    const { clockRate, driftPpm, firstTimestamp } = this.#traits;
    const ticks = Math.round((atMs / 1000) * clockRate * (1 + driftPpm * 1e-6));
    return (firstTimestamp + ticks + this.timestampShift) >>> 0;
  }

  /** Lets everything captured until `untilMs` after the start arrive; `each` hears of every packet. */
  runTo(untilMs: number, each?: (atMs: number, timestamp: number) => void): void {
    const { packetMs, delayMs, jitterMs, reportEveryMs, loss, reportLoss } = this.#traits;
    while (this.#nextPacketMs <= untilMs) {
      const atMs = this.#nextPacketMs;
      this.#nextPacketMs += packetMs;
      if (atMs >= this.#nextReportMs) {
        if (!(this.#random() < reportLoss)) this.#report(this.#nextReportMs);
        this.#nextReportMs += reportEveryMs;
      }
      if (this.#random() < loss) continue;
      const timestamp = this.timestampAt(atMs);
      this.#clock.onArrival(timestamp, START_MS + atMs + delayMs + this.#random() * jitterMs);
      each?.(atMs, timestamp);
    }
  }

  /** Nothing is sent until `atMs`, and no report before `reportAtMs`. */
  pauseTo(atMs: number, reportAtMs = atMs + 500): void {
    this.#nextPacketMs = atMs;
    this.holdReportsTo(reportAtMs);
  }

  /** As `pauseTo`, but the sender's timestamps stand still until then: they go on where they were. */
  standStillTo(atMs: number, reportAtMs?: number): void {
    const next = this.timestampAt(this.#nextPacketMs);
    this.timestampShift -= (this.timestampAt(atMs) - next) >>> 0;
    this.pauseTo(atMs, reportAtMs);
  }

  /** No report is sent before `atMs`. */
  holdReportsTo(atMs: number): void {
    this.#nextReportMs = Math.max(this.#nextReportMs, atMs);
  }

  /** What the clock says of the capture at `atMs`, in ms after the start. */
  toldMs(atMs: number): number {
    return this.#clock.toWallMs(this.timestampAt(atMs)) - START_MS;
  }

  #report(atMs: number): void {
    const { ntpOffsetMs, ntpDriftPpm, reportDelayMs } = this.#traits;
    const ntpMs = START_MS + atMs * (1 + ntpDriftPpm * 1e-6) + ntpOffsetMs + this.ntpShiftMs;
    const rtpTimestamp = this.timestampAt(atMs - this.reportLagMs);
    this.#clock.onSenderReport({ ntpMs, rtpTimestamp }, START_MS + atMs + reportDelayMs);
  }
}
