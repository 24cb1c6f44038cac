import { MediaFileError } from './MediaFileError.ts';

export interface IvfFrame {
  /** Presentation time in ms from the start of the file. */
  readonly timeMs: number;
  readonly data: Uint8Array;
}

export interface IvfFile {
  /** Four characters, e.g. `VP80`. */
  readonly fourcc: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** In order of presentation time. */
  readonly frames: readonly IvfFrame[];
}

const MIN_FILE_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 12;

/**
 * Reads an IVF file, the container of libvpx. Frames are views into `bytes`.
 *
 * @param name For messages.
 * @throws MediaFileError when the header or a frame does not fit the file, or times run backwards
 */
export function readIvf(bytes: Uint8Array, name = 'the IVF file'): IvfFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < MIN_FILE_HEADER_BYTES) {
    throw new MediaFileError(name, `${bytes.length} bytes are too few for an IVF header of ${MIN_FILE_HEADER_BYTES}`);
  }
  if (ascii(bytes, 0) !== 'DKIF') throw new MediaFileError(name, "does not begin with 'DKIF': this is no IVF file");
  const version = view.getUint16(4, true);
  if (version !== 0) throw new MediaFileError(name, `IVF version ${version} is unknown; only 0 is`);
  const headerBytes = view.getUint16(6, true);
  const rate = view.getUint32(16, true);
  const scale = view.getUint32(20, true);
  if (headerBytes < MIN_FILE_HEADER_BYTES || headerBytes > bytes.length) {
    throw new MediaFileError(name, `a header of ${headerBytes} bytes does not fit a file of ${bytes.length}`);
  }
  if (rate === 0 || scale === 0) throw new MediaFileError(name, `the time base ${scale}/${rate} has no meaning`);

  const frames: IvfFrame[] = [];
  for (let offset = headerBytes; offset < bytes.length;) {
    const which = `frame ${frames.length} at byte ${offset}`;
    if (offset + FRAME_HEADER_BYTES > bytes.length) throw new MediaFileError(name, `${which} has no whole header`);
    const size = view.getUint32(offset, true);
    const left = bytes.length - offset - FRAME_HEADER_BYTES;
    if (size === 0 || size > left) {
      throw new MediaFileError(name, `${which} says that it has ${size} bytes; 1 to ${left} are possible`);
    }
    const timeMs = (Number(view.getBigUint64(offset + 4, true)) * scale * 1000) / rate;
    const before = frames.at(-1)?.timeMs ?? -1;
    if (timeMs <= before) throw new MediaFileError(name, `${which} is at ${timeMs} ms, not after ${before} ms`);
    const start = offset + FRAME_HEADER_BYTES;
    frames.push({ timeMs, data: bytes.subarray(start, start + size) });
    offset = start + size;
  }
  return { fourcc: ascii(bytes, 8), width: view.getUint16(12, true), height: view.getUint16(14, true), frames };
}

function ascii(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4));
}
