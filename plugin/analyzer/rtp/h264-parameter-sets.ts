import { BitReader } from './bits.ts';
import { parseSpsSize } from './h264-sps.ts';
import type { PictureSize } from './h264-sps.ts';

/** Sets larger than this are not kept; real ones have some tens of bytes. */
const MAX_SET_BYTES = 1024;
const MAX_SPS_ID = 31;
const MAX_PPS_ID = 255;

/** The sequence and picture parameter sets last seen, by id: senders may send them once and decoders need them again. */
export class H264ParameterSets {
  readonly #sps = new Map<number, Uint8Array>();
  readonly #pps = new Map<number, Uint8Array>();
  #size: PictureSize | null = null;

  /** Whether there is what a decoder needs to begin. */
  get complete(): boolean {
    return this.#sps.size > 0 && this.#pps.size > 0;
  }

  /** The picture size by the latest sequence parameter set. */
  get size(): PictureSize | null {
    return this.#size;
  }

  keepSps(nal: Uint8Array): void {
    // profile_idc, constraint flags and level_idc stand before the id.
    const id = new BitReader(nal, 4).unsignedExpGolomb();
    if (nal.byteLength < 5 || nal.byteLength > MAX_SET_BYTES || id > MAX_SPS_ID) return;
    this.#sps.set(id, nal.slice());
    this.#size = parseSpsSize(nal);
  }

  keepPps(nal: Uint8Array): void {
    const id = new BitReader(nal, 1).unsignedExpGolomb();
    if (nal.byteLength < 2 || nal.byteLength > MAX_SET_BYTES || id > MAX_PPS_ID) return;
    this.#pps.set(id, nal.slice());
  }

  /** All sequence parameter sets, then all picture parameter sets. */
  all(): Uint8Array[] {
    return [...this.#sps.values(), ...this.#pps.values()];
  }
}
