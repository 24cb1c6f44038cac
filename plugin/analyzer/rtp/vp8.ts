import { concat, u8 } from './bytes.ts';
import type { FinishedUnit, PayloadFormat, PayloadVerdict } from './payload-format.ts';

interface Vp8Descriptor {
  readonly size: number;
  /** The payload begins a frame: start of partition 0. */
  readonly frameStart: boolean;
  readonly temporalId: number;
}

/** The payload descriptor of RFC 7741 4.2; null when it does not fit. */
export function parseVp8Descriptor(payload: Uint8Array): Vp8Descriptor | null {
  const first = u8(payload, 0);
  let size = 1;
  let temporalId = 0;
  if ((first & 0x80) !== 0) {
    const extensions = u8(payload, size++);
    if ((extensions & 0x80) !== 0) size += (u8(payload, size) & 0x80) !== 0 ? 2 : 1;
    if ((extensions & 0x40) !== 0) size += 1;
    // T and K share one byte, which is there when either is set.
    if ((extensions & 0x30) !== 0) {
      if ((extensions & 0x20) !== 0) temporalId = u8(payload, size) >> 6;
      size += 1;
    }
  }
  if (size >= payload.byteLength) return null;
  return { size, frameStart: (first & 0x10) !== 0 && (first & 0x07) === 0, temporalId };
}

/** VP8 (RFC 7741): a unit is one frame. */
export class Vp8Format implements PayloadFormat {
  #parts: Uint8Array[] = [];
  #bytes = 0;
  #temporalId = 0;

  get hasPicture(): boolean {
    return this.#bytes > 0;
  }

  add(payload: Uint8Array, first: boolean): PayloadVerdict {
    const descriptor = parseVp8Descriptor(payload);
    if (!descriptor) return 'malformed';
    if (descriptor.frameStart !== first) return 'misplaced';
    this.#temporalId = descriptor.temporalId;
    this.#parts.push(payload.subarray(descriptor.size));
    this.#bytes += payload.byteLength - descriptor.size;
    return 'part';
  }

  finish(): FinishedUnit | 'incomplete' {
    const data = concat(this.#parts, this.#bytes);
    const size = parseVp8FrameSize(data);
    return size ? { data, temporalId: this.#temporalId, ...size } : 'incomplete';
  }

  clear(): void {
    this.#parts = [];
    this.#bytes = 0;
  }
}

/** The frame tag and, of key frames, the size (RFC 6386 9.1); null when it cannot be a frame. */
function parseVp8FrameSize(frame: Uint8Array): { keyFrame: boolean; width?: number; height?: number } | null {
  if (frame.byteLength < 3) return null;
  if ((u8(frame, 0) & 1) === 1) return { keyFrame: false };
  const startCode = u8(frame, 3) === 0x9d && u8(frame, 4) === 0x01 && u8(frame, 5) === 0x2a;
  if (!startCode || frame.byteLength < 10) return null;
  const width = (u8(frame, 6) | (u8(frame, 7) << 8)) & 0x3fff;
  const height = (u8(frame, 8) | (u8(frame, 9) << 8)) & 0x3fff;
  return width > 0 && height > 0 ? { keyFrame: true, width, height } : null;
}
