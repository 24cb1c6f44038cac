import { BitReader } from './bits.ts';
import { u8 } from './bytes.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Profiles whose sequence parameter set has the chroma fields (ITU-T H.264 7.3.2.1.1). */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const MAX_MACROBLOCKS = 1024;

/**
 * The cropped picture size that a sequence parameter set gives.
 *
 * @param nal the NAL unit, header byte included, emulation prevention bytes still in it
 * @returns null when it does not parse
 */
export function parseSpsSize(nal: Uint8Array): PictureSize | null {
  const bits = new BitReader(withoutEmulationPrevention(nal), 1);
  const profile = bits.bits(8);
  bits.skip(16);
  bits.unsignedExpGolomb();
  const chroma = HIGH_PROFILES.has(profile) ? skipHighProfileFields(bits) : 1;

  bits.unsignedExpGolomb();
  skipPictureOrderCount(bits);
  bits.unsignedExpGolomb();
  bits.skip(1);

  const columns = bits.unsignedExpGolomb() + 1;
  const mapRows = bits.unsignedExpGolomb() + 1;
  const framesOnly = bits.flag();
  if (!framesOnly) bits.skip(1);
  bits.skip(1);
  const rows = mapRows * (framesOnly ? 1 : 2);
  if (bits.exhausted || columns > MAX_MACROBLOCKS || rows > MAX_MACROBLOCKS) return null;

  const crop = bits.flag() ? cropped(bits, chroma, framesOnly) : { x: 0, y: 0 };
  const width = columns * 16 - crop.x;
  const height = rows * 16 - crop.y;
  return bits.exhausted || width <= 0 || height <= 0 ? null : { width, height };
}

/** Reads to the end of the fields that only high profiles have; gives chroma_format_idc. */
function skipHighProfileFields(bits: BitReader): number {
  const chroma = bits.unsignedExpGolomb();
  if (chroma === 3) bits.skip(1);
  bits.unsignedExpGolomb();
  bits.unsignedExpGolomb();
  bits.skip(1);
  if (bits.flag()) {
    const lists = chroma === 3 ? 12 : 8;
    for (let i = 0; i < lists; i++) if (bits.flag()) skipScalingList(bits, i < 6 ? 16 : 64);
  }
  return chroma;
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  for (let i = 0; i < size && !bits.exhausted; i++) {
    const next = (last + bits.signedExpGolomb() + 256) & 0xff;
    if (next === 0) return;
    last = next;
  }
}

function skipPictureOrderCount(bits: BitReader): void {
  const type = bits.unsignedExpGolomb();
  if (type === 0) bits.unsignedExpGolomb();
  if (type !== 1) return;
  bits.skip(1);
  bits.signedExpGolomb();
  bits.signedExpGolomb();
  const cycle = bits.unsignedExpGolomb();
  for (let i = 0; i < cycle && i < 256 && !bits.exhausted; i++) bits.signedExpGolomb();
}

function cropped(bits: BitReader, chroma: number, framesOnly: boolean): { x: number; y: number } {
  const left = bits.unsignedExpGolomb();
  const right = bits.unsignedExpGolomb();
  const top = bits.unsignedExpGolomb();
  const bottom = bits.unsignedExpGolomb();
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
  const unitY = (chroma === 1 ? 2 : 1) * (framesOnly ? 1 : 2);
  return { x: (left + right) * unitX, y: (top + bottom) * unitY };
}

/** Drops the 3 of each 0 0 3 (ITU-T H.264 7.4.1). */
function withoutEmulationPrevention(nal: Uint8Array): Uint8Array {
  const raw = new Uint8Array(nal.byteLength);
  let size = 0;
  let zeros = 0;
  for (let i = 0; i < nal.byteLength; i++) {
    const byte = u8(nal, i);
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    raw[size++] = byte;
  }
  return raw.subarray(0, size);
}
