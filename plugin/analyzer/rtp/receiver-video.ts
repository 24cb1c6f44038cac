import { createDepacketizer } from './depacketizer.ts';
import type { AccessUnit, Depacketizer, DepacketizerStats, VideoCodec } from './depacketizer.ts';
import { Intake } from './intake.ts';
import type { IntakeStats, ReceiverOptions } from './intake.ts';
import { KeyFrameRequester } from './keyframes.ts';
import { isGap } from './reorder.ts';

export interface VideoReceiverOptions extends ReceiverOptions {
  codec: VideoCodec;
}

export interface TimedAccessUnit {
  readonly unit: AccessUnit;
  /** Wall time of the picture in ms since 1970, a fraction. */
  readonly wallMs: number;
}

export interface VideoReceiverStats extends IntakeStats, DepacketizerStats {
  readonly keyFrameRequests: number;
}

/**
 * One video stream from datagrams to access units on the wall clock. Nothing is given out between a loss and the next
 * key frame. Time is passed in, there are no timers: call `poll` about every 10 ms.
 */
export class VideoReceiver {
  readonly #intake: Intake;
  readonly #depacketizer: Depacketizer;
  readonly #requester = new KeyFrameRequester();
  #started = false;

  /** @throws RangeError when an option is out of range */
  constructor(options: VideoReceiverOptions) {
    this.#intake = new Intake(options);
    this.#depacketizer = createDepacketizer(options.codec);
  }

  /** The sender has said goodbye and nothing came since. */
  get ended(): boolean {
    return this.#intake.ended;
  }

  get stats(): VideoReceiverStats {
    return {
      ...this.#intake.stats,
      ...this.#depacketizer.stats,
      keyFrameRequests: this.#requester.requests,
    };
  }

  /** Takes one datagram, RTP or RTCP, which must not be changed afterwards as views of it are kept. Never throws. */
  push(datagram: Uint8Array, arrivalMs: number): void {
    this.#intake.push(datagram, arrivalMs);
    if (this.#started || this.#intake.queued === 0) return;
    this.#started = true;
    this.#requester.onStart(arrivalMs);
  }

  /** The access units that are complete and in order by now. */
  poll(nowMs: number): TimedAccessUnit[] {
    const ready: TimedAccessUnit[] = [];
    for (const item of this.#intake.take(nowMs)) {
      if (isGap(item)) {
        this.#depacketizer.onGap();
        continue;
      }
      const unit = this.#depacketizer.push(item);
      if (!unit) continue;
      if (unit.keyFrame) this.#requester.onKeyFrame();
      ready.push({ unit, wallMs: this.#intake.clock.toWallMs(unit.rtpTimestamp) });
    }
    if (this.#started && this.#depacketizer.needsKeyFrame) this.#requester.onBroken();
    return ready;
  }

  /** The decoder failed on a unit: a key frame is asked for, and until it comes nothing is given out. */
  onDecoderError(): void {
    this.#depacketizer.onGap();
    this.#requester.onBroken();
  }

  /** Whether to ask the sender for a key frame now. True means that the caller asks: the next time comes later. */
  needsKeyFrame(nowMs: number): boolean {
    return this.#requester.wants(nowMs);
  }

  /** Forgets what waits, as after a pause: goes on at the next key frame. */
  reset(): void {
    this.#intake.reset();
    this.#depacketizer.reset();
    this.#started = false;
  }
}
