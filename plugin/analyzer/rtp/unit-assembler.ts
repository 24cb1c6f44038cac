import type { AccessUnit, Depacketizer, DepacketizerStats } from './depacketizer.ts';
import type { RtpPacket } from './packet.ts';
import type { FinishedUnit, PayloadFormat } from './payload-format.ts';

/** Far above any key frame of a call, and a bound on what a hostile sender can make us hold. */
const MAX_UNIT_BYTES = 2 * 1024 * 1024;
/** What holding a part costs besides its bytes, so that many tiny parts meet the bound too. */
const PART_OVERHEAD_BYTES = 128;

/**
 * What all codecs have in common: parts of one timestamp make one unit, the marker ends it, and after a unit with a
 * missing part nothing is given out until a key frame, as decoders smear and report success.
 */
export class UnitAssembler implements Depacketizer {
  readonly #format: PayloadFormat;
  readonly #stats = { units: 0, keyFrames: 0, droppedUnits: 0, malformedPackets: 0 };
  #broken = true;
  #lossBefore = false;
  #expected: number | null = null;
  /** The timestamp of the unit being collected. */
  #open: number | null = null;
  #bytes = 0;
  /** The timestamp of a unit already dropped, the rest of which may still come. */
  #dropped: number | null = null;

  constructor(format: PayloadFormat) {
    this.#format = format;
  }

  get needsKeyFrame(): boolean {
    return this.#broken;
  }

  get stats(): DepacketizerStats {
    return this.#stats;
  }

  push(packet: RtpPacket): AccessUnit | null {
    if (this.#expected !== null && packet.sequenceNumber !== this.#expected) this.onGap();
    this.#expected = (packet.sequenceNumber + 1) & 0xffff;
    if (packet.payload.byteLength === 0 || packet.timestamp === this.#dropped) return null;
    if (this.#open !== null && packet.timestamp !== this.#open) this.#endUnmarked();

    const verdict = this.#format.add(packet.payload, this.#open === null);
    if (verdict === 'malformed' || verdict === 'misplaced') {
      if (verdict === 'malformed') this.#stats.malformedPackets++;
      this.#drop(packet.timestamp);
      return null;
    }
    if (verdict !== 'ignored') {
      this.#open = packet.timestamp;
      this.#bytes += packet.payload.byteLength + PART_OVERHEAD_BYTES;
      if (this.#bytes > MAX_UNIT_BYTES) {
        this.#drop(packet.timestamp);
        return null;
      }
    }
    return this.#open !== null && (packet.marker || verdict === 'last') ? this.#finish(this.#open) : null;
  }

  onGap(): void {
    this.#expected = null;
    this.#broken = true;
    this.#lossBefore = true;
    if (this.#open !== null) this.#drop(this.#open);
  }

  reset(): void {
    this.#format.clear();
    this.#expected = null;
    this.#open = null;
    this.#dropped = null;
    this.#bytes = 0;
    this.#broken = true;
  }

  #finish(rtpTimestamp: number): AccessUnit | null {
    const unit = this.#format.finish(this.#lossBefore);
    this.#lossBefore = false;
    if (unit === 'incomplete') {
      this.#drop(rtpTimestamp);
      return null;
    }
    this.#close();
    if (unit === 'empty') return null;
    if (this.#broken && !unit.keyFrame) {
      this.#stats.droppedUnits++;
      return null;
    }
    this.#broken = false;
    this.#stats.units++;
    if (unit.keyFrame) this.#stats.keyFrames++;
    return accessUnit(unit, rtpTimestamp);
  }

  /** A new timestamp without the marker before it: the end of the unit was lost, or it never was a picture. */
  #endUnmarked(): void {
    if (this.#format.hasPicture && this.#open !== null) this.#drop(this.#open);
    else this.#close();
  }

  #drop(rtpTimestamp: number): void {
    this.#stats.droppedUnits++;
    this.#broken = true;
    this.#dropped = rtpTimestamp;
    this.#close();
  }

  #close(): void {
    this.#format.clear();
    this.#open = null;
    this.#bytes = 0;
  }
}

function accessUnit(unit: FinishedUnit, rtpTimestamp: number): AccessUnit {
  return { ...unit, rtpTimestamp };
}
