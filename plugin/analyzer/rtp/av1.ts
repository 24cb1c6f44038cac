import { isAv1KeyFrame, parseAv1Sequence } from './av1-headers.ts';
import type { Av1Sequence } from './av1-headers.ts';
import {
  OBU_FRAME,
  OBU_FRAME_HEADER,
  OBU_PADDING,
  OBU_SEQUENCE_HEADER,
  OBU_TEMPORAL_DELIMITER,
  OBU_TILE_LIST,
  parseObu,
  readLeb128,
  sizedObuHeader,
} from './av1-obu.ts';
import { concat, u8 } from './bytes.ts';
import type { FinishedUnit, PayloadFormat, PayloadVerdict } from './payload-format.ts';

const TEMPORAL_DELIMITER = Uint8Array.of((OBU_TEMPORAL_DELIMITER << 3) | 0x02, 0);
/** More than any encoder makes of one temporal unit. */
const MAX_OBUS = 512;
const MAX_SEQUENCE_HEADER_BYTES = 1024;

/**
 * AV1 (RTP Payload Format For AV1 of AOMedia): a unit is one temporal unit. RTP leaves out sizes and temporal
 * delimiters, which decoders want, so they are put back; a key frame without the sequence header gets the last one.
 */
export class Av1Format implements PayloadFormat {
  #parts: Uint8Array[] = [];
  #fragments: Uint8Array[] | null = null;
  #frames = 0;
  #keyFrame = false;
  #hasSequence = false;
  #temporalId = 0;
  #sequence: { readonly header: Uint8Array; readonly parsed: Av1Sequence } | null = null;

  get hasPicture(): boolean {
    return this.#frames > 0 || this.#fragments !== null;
  }

  add(payload: Uint8Array): PayloadVerdict {
    const header = u8(payload, 0);
    const continues = (header & 0x80) !== 0;
    const continued = (header & 0x40) !== 0;
    const count = (header >> 4) & 0x03;
    if (payload.byteLength < 2) return 'malformed';
    if (continues !== (this.#fragments !== null)) return 'misplaced';

    let offset = 1;
    for (let element = 1; offset < payload.byteLength; element++) {
      if (count > 0 && element > count) return 'malformed';
      let end = payload.byteLength;
      if (element !== count) {
        const size = readLeb128(payload, offset);
        if (!size) return 'malformed';
        offset += size.size;
        end = offset + size.value;
        if (end > payload.byteLength) return 'malformed';
      }
      const isLast = end === payload.byteLength;
      const bytes = payload.subarray(offset, end);
      offset = end;
      if (!this.#addElement(bytes, isLast && continued)) return 'malformed';
      if (isLast && count > 0 && element !== count) return 'malformed';
    }
    return 'part';
  }

  finish(): FinishedUnit | 'incomplete' | 'empty' {
    if (this.#fragments) return 'incomplete';
    if (this.#frames === 0) return 'empty';
    const common = { temporalId: this.#temporalId };
    if (!this.#keyFrame) return { ...common, keyFrame: false, data: this.#data([]) };
    if (!this.#sequence) return 'incomplete';
    const { header, parsed } = this.#sequence;
    return {
      ...common,
      keyFrame: true,
      data: this.#data(this.#hasSequence ? [] : [header]),
      width: parsed.width,
      height: parsed.height,
    };
  }

  clear(): void {
    this.#parts = [];
    this.#fragments = null;
    this.#frames = 0;
    this.#keyFrame = false;
    this.#hasSequence = false;
    this.#temporalId = 0;
  }

  #data(before: Uint8Array[]): Uint8Array {
    const parts = [TEMPORAL_DELIMITER, ...before, ...this.#parts];
    return concat(
      parts,
      parts.reduce((sum, part) => sum + part.byteLength, 0),
    );
  }

  /** Takes one OBU element; `continued` when the rest of it is in the next packet. */
  #addElement(bytes: Uint8Array, continued: boolean): boolean {
    const fragments = this.#fragments;
    if (continued) {
      if (fragments) fragments.push(bytes);
      else this.#fragments = [bytes];
      return true;
    }
    this.#fragments = null;
    if (!fragments) return this.#addObu(bytes);
    const whole = [...fragments, bytes];
    return this.#addObu(
      concat(
        whole,
        whole.reduce((sum, part) => sum + part.byteLength, 0),
      ),
    );
  }

  #addObu(bytes: Uint8Array): boolean {
    const obu = parseObu(bytes);
    if (!obu || this.#parts.length >= 2 * MAX_OBUS) return false;
    if (obu.type === OBU_TEMPORAL_DELIMITER || obu.type === OBU_TILE_LIST || obu.type === OBU_PADDING) return true;

    const header = sizedObuHeader(obu);
    if (obu.type === OBU_SEQUENCE_HEADER) {
      const parsed = parseAv1Sequence(obu.payload);
      if (!parsed || bytes.byteLength > MAX_SEQUENCE_HEADER_BYTES) return false;
      const sized = concat([header, obu.payload], header.byteLength + obu.payload.byteLength);
      this.#sequence = { header: sized, parsed };
      this.#hasSequence = true;
    } else if (obu.type === OBU_FRAME || obu.type === OBU_FRAME_HEADER) {
      this.#frames++;
      this.#temporalId = obu.temporalId;
      if (isAv1KeyFrame(obu.payload, this.#sequence?.parsed.reducedStillPicture ?? false)) this.#keyFrame = true;
    }
    this.#parts.push(header, obu.payload);
    return true;
  }
}
