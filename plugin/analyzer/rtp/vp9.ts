import { BitReader } from './bits.ts';
import { concat, u8 } from './bytes.ts';
import type { FinishedUnit, PayloadFormat, PayloadVerdict } from './payload-format.ts';

interface Vp9Descriptor {
  readonly size: number;
  readonly frameStart: boolean;
  readonly frameEnd: boolean;
  readonly temporalId: number;
  readonly spatialId: number;
}

/** The payload descriptor of RFC 9628 4.2; null when it does not fit. */
export function parseVp9Descriptor(payload: Uint8Array): Vp9Descriptor | null {
  const first = u8(payload, 0);
  const flexible = (first & 0x10) !== 0;
  let size = 1;
  let temporalId = 0;
  let spatialId = 0;

  if ((first & 0x80) !== 0) size += (u8(payload, size) & 0x80) !== 0 ? 2 : 1;
  if ((first & 0x20) !== 0) {
    const layer = u8(payload, size++);
    temporalId = layer >> 5;
    spatialId = (layer >> 1) & 0x07;
    if (!flexible) size += 1;
  }
  if (flexible && (first & 0x40) !== 0) {
    // At most three reference indices; the lowest bit says that another one follows.
    for (let i = 0; i < 3; i++) if ((u8(payload, size++) & 1) === 0) break;
  }
  if ((first & 0x02) !== 0) size += structureBytes(payload, size);
  if (size >= payload.byteLength) return null;
  return {
    size,
    frameStart: (first & 0x08) !== 0,
    frameEnd: (first & 0x04) !== 0,
    temporalId,
    spatialId,
  };
}

/** Length of the scalability structure (RFC 9628 4.2.1) at `offset`. */
function structureBytes(payload: Uint8Array, offset: number): number {
  const header = u8(payload, offset);
  const layers = (header >> 5) + 1;
  let size = 1 + ((header & 0x10) !== 0 ? 4 * layers : 0);
  if ((header & 0x08) !== 0) {
    const pictures = u8(payload, offset + size++);
    for (let i = 0; i < pictures && offset + size < payload.byteLength; i++) {
      size += 1 + ((u8(payload, offset + size) >> 2) & 0x03);
    }
  }
  return size;
}

/**
 * VP9 (RFC 9628): a unit is the frame of the lowest spatial layer. Higher layers are left out, as faces are looked at in
 * small pictures and the consumer asks the SFU for that layer.
 */
export class Vp9Format implements PayloadFormat {
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #temporalId = 0;

  get hasPicture(): boolean {
    return this.#bytes > 0;
  }

  add(payload: Uint8Array, first: boolean): PayloadVerdict {
    const descriptor = parseVp9Descriptor(payload);
    if (!descriptor) return 'malformed';
    if (descriptor.spatialId > 0) return 'ignored';
    if (descriptor.frameStart !== first) return 'misplaced';
    this.#temporalId = descriptor.temporalId;
    this.#parts.push(payload.subarray(descriptor.size));
    this.#bytes += payload.byteLength - descriptor.size;
    return descriptor.frameEnd ? 'last' : 'part';
  }

  finish(): FinishedUnit | 'incomplete' {
    const data = concat(this.#parts, this.#bytes);
    const header = parseVp9FrameHeader(data);
    return header ? { data, temporalId: this.#temporalId, ...header } : 'incomplete';
  }

  clear(): void {
    this.#parts = [];
    this.#bytes = 0;
  }
}

/**
 * The start of the uncompressed header (VP9 bitstream specification 6.2). The key-frame flag is taken from here, not
 * from the descriptor's P bit, which some payloaders leave 0 on every frame.
 */
function parseVp9FrameHeader(frame: Uint8Array): { keyFrame: boolean; width?: number; height?: number } | null {
  const bits = new BitReader(frame);
  if (bits.bits(2) !== 2) return null;
  const profile = bits.bits(1) + 2 * bits.bits(1);
  if (profile === 3) bits.skip(1);
  const showExisting = bits.flag();
  if (showExisting) return bits.exhausted ? null : { keyFrame: false };
  const keyFrame = !bits.flag();
  bits.skip(2);
  if (!keyFrame) return bits.exhausted ? null : { keyFrame };

  if (bits.bits(24) !== 0x498342) return null;
  if (profile >= 2) bits.skip(1);
  const colorSpace = bits.bits(3);
  const SRGB = 7;
  if (colorSpace !== SRGB) bits.skip(profile === 1 || profile === 3 ? 4 : 1);
  else if (profile === 1 || profile === 3) bits.skip(1);
  const width = bits.bits(16) + 1;
  const height = bits.bits(16) + 1;
  return bits.exhausted ? null : { keyFrame, width, height };
}
