import { BitReader } from './bits.ts';

export interface Av1Sequence {
  /** The stream is a still picture: all its frames are key frames and have no flag for it. */
  readonly reducedStillPicture: boolean;
  /** Largest picture of the sequence, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** The part of a sequence header up to the picture size (AV1 specification 5.5.1); null when it does not parse. */
export function parseAv1Sequence(payload: Uint8Array): Av1Sequence | null {
  const bits = new BitReader(payload);
  bits.skip(3);
  bits.skip(1);
  const reducedStillPicture = bits.flag();
  if (reducedStillPicture) bits.skip(5);
  else skipOperatingPoints(bits);
  const widthBits = bits.bits(4) + 1;
  const heightBits = bits.bits(4) + 1;
  const width = bits.bits(widthBits) + 1;
  const height = bits.bits(heightBits) + 1;
  return bits.exhausted ? null : { reducedStillPicture, width, height };
}

function skipOperatingPoints(bits: BitReader): void {
  let decoderModel = false;
  let delayBits = 0;
  if (bits.flag()) {
    bits.skip(64);
    if (bits.flag()) skipVariableLength(bits);
    decoderModel = bits.flag();
    if (decoderModel) {
      delayBits = bits.bits(5) + 1;
      bits.skip(32 + 5 + 5);
    }
  }
  const initialDelay = bits.flag();
  const points = bits.bits(5) + 1;
  for (let i = 0; i < points && !bits.exhausted; i++) {
    bits.skip(12);
    const level = bits.bits(5);
    if (level > 7) bits.skip(1);
    if (decoderModel && bits.flag()) bits.skip(2 * delayBits + 1);
    if (initialDelay && bits.flag()) bits.skip(4);
  }
}

/** uvlc() of AV1 specification 4.10.3. */
function skipVariableLength(bits: BitReader): void {
  let zeros = 0;
  while (!bits.exhausted && !bits.flag()) zeros++;
  if (zeros < 32) bits.skip(zeros);
}

/** Whether a frame header begins a shown or hidden key frame (AV1 specification 5.9.2). */
export function isAv1KeyFrame(payload: Uint8Array, reducedStillPicture: boolean): boolean {
  if (payload.byteLength === 0) return false;
  if (reducedStillPicture) return true;
  const bits = new BitReader(payload);
  const showExistingFrame = bits.flag();
  return !showExistingFrame && bits.bits(2) === 0;
}
