import { concat, u16, u8 } from './bytes.ts';
import { H264ParameterSets } from './h264-parameter-sets.ts';
import type { FinishedUnit, PayloadFormat, PayloadVerdict } from './payload-format.ts';

const SLICE = 1;
const IDR = 5;
const SPS = 7;
const PPS = 8;
const FILLER = 12;
const LAST_SINGLE = 23;
const STAP_A = 24;
const FU_A = 28;

/** More than any encoder makes of one picture. */
const MAX_NALS = 512;

const START_CODE = Uint8Array.of(0, 0, 0, 1);

/**
 * H264 (RFC 6184, packetization modes 0 and 1): a unit is one access unit in Annex B. Parameter sets are kept and put
 * before each IDR picture that comes without. There is no mark for the start of a unit, so that a lost start is told by
 * the first slice, which must begin at macroblock 0.
 */
export class H264Format implements PayloadFormat {
  readonly #sets = new H264ParameterSets();
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #pictures = 0;
  #idr = false;
  #hasSps = false;
  #hasPps = false;
  /** The IDR picture before this one brought its parameter sets along. */
  #setsExpected = false;
  /** The fragments of a NAL unit in progress, its rebuilt header first. */
  #fragments: Uint8Array[] | null = null;

  get hasPicture(): boolean {
    return this.#pictures > 0 || this.#fragments !== null;
  }

  add(payload: Uint8Array): PayloadVerdict {
    const type = u8(payload, 0) & 0x1f;
    if (this.#fragments && type !== FU_A) return 'misplaced';
    if (type === FU_A) return this.#addFragment(payload);
    if (type === STAP_A) return this.#addAggregate(payload);
    if (type === 0 || type > LAST_SINGLE) return 'malformed';
    return this.#addNal(payload);
  }

  finish(afterLoss: boolean): FinishedUnit | 'incomplete' | 'empty' {
    if (this.#fragments) return 'incomplete';
    if (this.#pictures === 0) return 'empty';
    if (!this.#idr) return { data: concat(this.#parts, this.#bytes), keyFrame: false, temporalId: 0 };
    const bringsSets = this.#hasSps && this.#hasPps;
    // The sets lost may have been other ones, by which the decoder would make rubbish of the picture.
    if (!this.#sets.complete || (!bringsSets && this.#setsExpected && afterLoss)) return 'incomplete';
    this.#setsExpected = bringsSets;
    if (!bringsSets) this.#prependParameterSets();
    return { data: concat(this.#parts, this.#bytes), keyFrame: true, temporalId: 0, ...this.#sets.size };
  }

  clear(): void {
    this.#parts = [];
    this.#bytes = 0;
    this.#pictures = 0;
    this.#idr = false;
    this.#hasSps = false;
    this.#hasPps = false;
    this.#fragments = null;
  }

  #addAggregate(payload: Uint8Array): PayloadVerdict {
    let offset = 1;
    if (offset >= payload.byteLength) return 'malformed';
    while (offset < payload.byteLength) {
      const size = u16(payload, offset);
      const start = offset + 2;
      if (size === 0 || start + size > payload.byteLength) return 'malformed';
      const nal = payload.subarray(start, start + size);
      const type = u8(nal, 0) & 0x1f;
      if (type === 0 || type > LAST_SINGLE) return 'malformed';
      const verdict = this.#addNal(nal);
      if (verdict === 'malformed' || verdict === 'misplaced') return verdict;
      offset = start + size;
    }
    return 'part';
  }

  #addFragment(payload: Uint8Array): PayloadVerdict {
    if (payload.byteLength < 3) return 'malformed';
    const header = u8(payload, 1);
    const start = (header & 0x80) !== 0;
    const end = (header & 0x40) !== 0;
    const type = header & 0x1f;
    if ((start && end) || type === 0 || type > LAST_SINGLE) return 'malformed';
    if (start === (this.#fragments !== null)) return 'misplaced';

    const fragments = (this.#fragments ??= [Uint8Array.of((u8(payload, 0) & 0xe0) | type)]);
    if ((u8(fragments[0] ?? payload, 0) & 0x1f) !== type) return 'malformed';
    fragments.push(payload.subarray(2));
    if (!end) return 'part';

    this.#fragments = null;
    const nal = concat(
      fragments,
      fragments.reduce((sum, part) => sum + part.byteLength, 0),
    );
    return this.#addNal(nal);
  }

  #addNal(nal: Uint8Array): PayloadVerdict {
    const type = u8(nal, 0) & 0x1f;
    if (type === FILLER) return 'ignored';
    if (this.#parts.length >= 2 * MAX_NALS) return 'malformed';
    if (type === SPS) {
      this.#sets.keepSps(nal);
      this.#hasSps = true;
    } else if (type === PPS) {
      this.#sets.keepPps(nal);
      this.#hasPps = true;
    } else if (type >= SLICE && type <= IDR) {
      if (this.#pictures === 0 && !beginsPicture(nal)) return 'misplaced';
      this.#pictures++;
      if (type === IDR) this.#idr = true;
    }
    this.#parts.push(START_CODE, nal);
    this.#bytes += START_CODE.byteLength + nal.byteLength;
    return 'part';
  }

  #prependParameterSets(): void {
    const sets: Uint8Array[] = [];
    for (const nal of this.#sets.all()) {
      sets.push(START_CODE, nal);
      this.#bytes += START_CODE.byteLength + nal.byteLength;
    }
    this.#parts.unshift(...sets);
  }
}

/** first_mb_in_slice is the first field of a slice, and 0 is coded as a single 1 bit (ITU-T H.264 7.3.3). */
function beginsPicture(nal: Uint8Array): boolean {
  return nal.byteLength >= 2 && (u8(nal, 1) & 0x80) !== 0;
}
