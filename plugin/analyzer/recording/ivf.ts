import { createVideoDecoder, type VideoDecoder } from '../media/index.ts';
import type { VideoCodec } from '../rtp/index.ts';
import type { ByteSource } from './byte-source.ts';
import type { Pictures } from './pictures.ts';
import { RecordingFileError } from './sound.ts';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 12;
/** What IVF calls the codecs. */
const CODECS: Readonly<Record<string, VideoCodec>> = { VP80: 'vp8', VP90: 'vp9', AV01: 'av1' };

interface Frame {
  timeMs: number;
  at: number;
  size: number;
}

/**
 * The pictures of an IVF file, the container of libvpx, read frame by frame.
 *
 * @throws RecordingFileError where it is none, or of a codec that is not decoded
 */
export async function openIvf(source: ByteSource): Promise<Pictures> {
  const head = await source.read(0, HEADER_BYTES);
  if (ascii(head, 0) !== 'DKIF' || head.length < HEADER_BYTES) {
    throw new RecordingFileError("does not begin with 'DKIF': this is no IVF file");
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const fourcc = ascii(head, 8);
  const codec = CODECS[fourcc];
  if (!codec) {
    throw new RecordingFileError(`holds ${fourcc}; ${Object.keys(CODECS).join(', ')} can be decoded`);
  }
  const [headerBytes, rate, scale] = [view.getUint16(6, true), view.getUint32(16, true), view.getUint32(20, true)];
  if (headerBytes < HEADER_BYTES) throw new RecordingFileError(`an IVF header of ${headerBytes} bytes is too short`);
  if (rate === 0 || scale === 0) throw new RecordingFileError(`the IVF time base ${scale}/${rate} has no meaning`);
  return new IvfPictures(source, await createVideoDecoder(codec), codec, headerBytes, (scale * 1000) / rate);
}

class IvfPictures implements Pictures {
  readonly #source: ByteSource;
  readonly #decoder: VideoDecoder;
  readonly #codec: VideoCodec;
  readonly #tickMs: number;
  #at: number;
  #number = 0;
  #beforeMs = -1;
  #waiting: Frame | undefined;

  constructor(source: ByteSource, decoder: VideoDecoder, codec: VideoCodec, at: number, tickMs: number) {
    this.#source = source;
    this.#decoder = decoder;
    this.#codec = codec;
    this.#at = at;
    this.#tickMs = tickMs;
  }

  async next(untilMs: number) {
    for (;;) {
      const frame = await this.#peek();
      if (!frame || frame.timeMs >= untilMs) return undefined;
      this.#waiting = undefined;
      // Each refers to those before it, so all are decoded.
      const picture = this.#decoder.decode(await this.#source.read(frame.at, frame.size));
      if (picture) return { timeMs: frame.timeMs, frame: picture };
    }
  }

  async skipTo(ms: number): Promise<void> {
    // Only VP8 shows its key frames in the first bit (RFC 6386, 9.1).
    if (this.#codec !== 'vp8') return;
    const mark = () => ({ at: this.#at, number: this.#number, beforeMs: this.#beforeMs });
    let key = mark();
    for (let before = mark(); ; before = mark()) {
      const frame = await this.#peek();
      if (!frame || frame.timeMs >= ms) break;
      if (((await this.#source.read(frame.at, 1))[0]! & 1) === 0) key = before;
      this.#waiting = undefined;
    }
    this.#waiting = undefined;
    [this.#at, this.#number, this.#beforeMs] = [key.at, key.number, key.beforeMs];
  }

  close(): void {
    this.#decoder.close();
    void this.#source.close();
  }

  async #peek(): Promise<Frame | undefined> {
    if (this.#waiting || this.#at >= this.#source.size) return this.#waiting;
    const which = `IVF frame ${this.#number} at byte ${this.#at}`;
    const head = await this.#source.read(this.#at, FRAME_HEADER_BYTES);
    if (head.length < FRAME_HEADER_BYTES) throw new RecordingFileError(`${which} has no whole header`);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const size = view.getUint32(0, true);
    const at = this.#at + FRAME_HEADER_BYTES;
    if (size === 0 || size > this.#source.size - at) {
      throw new RecordingFileError(
        `${which} says that it has ${size} bytes; 1 to ${this.#source.size - at} are possible`,
      );
    }
    const timeMs = Number(view.getBigUint64(4, true)) * this.#tickMs;
    if (timeMs <= this.#beforeMs) {
      throw new RecordingFileError(`${which} is at ${timeMs} ms, not after ${this.#beforeMs} ms`);
    }
    this.#beforeMs = timeMs;
    this.#number += 1;
    this.#at = at + size;
    this.#waiting = { timeMs, at, size };
    return this.#waiting;
  }
}

function ascii(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
