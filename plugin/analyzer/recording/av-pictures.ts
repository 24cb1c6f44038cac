import { MAX_FRAME_PIXELS, type VideoFrame } from '../media/index.ts';
import { AvFile, type ContainerKind } from './av-file.ts';
import type { AvFrame, AvStream } from './av-types.ts';
import type { Pictures } from './pictures.ts';
import { RecordingFileError } from './sound.ts';

/**
 * The pictures of one track of a container, on the clock of the file. Those that are no 8-bit 4:2:0 are passed over.
 *
 * @throws RecordingFileError where the file or the track cannot be read
 */
export async function openAvPictures(path: string, kind: ContainerKind, streamIndex: number): Promise<Pictures> {
  const file = await AvFile.open(path, kind);
  if (file.tracks().find(({ stream }) => stream === streamIndex)?.kind !== 'video') {
    await file.close();
    throw new RecordingFileError(`track ${streamIndex} is no video`);
  }
  return new AvPictures(file, file.stream(streamIndex));
}

class AvPictures implements Pictures {
  readonly #file: AvFile;
  readonly #stream: AvStream;
  #frames: AsyncGenerator<AvFrame, void>;
  #waiting: { timeMs: number; frame: VideoFrame } | undefined;

  constructor(file: AvFile, stream: AvStream) {
    this.#file = file;
    this.#stream = stream;
    this.#frames = file.frames(stream);
  }

  async next(untilMs: number) {
    // The decoder is one picture ahead, so that one of a later time can wait: its memory holds until it is asked for more.
    for (;;) {
      const picture = this.#waiting;
      if (picture) {
        if (picture.timeMs >= untilMs) return undefined;
        this.#waiting = undefined;
        return picture;
      }
      const { value: decoded } = await this.#frames.next();
      if (!decoded) return undefined;
      const frame = this.#plain(decoded);
      if (frame) this.#waiting = { timeMs: this.#file.timeMs(decoded.bestEffortTimestamp, this.#stream), frame };
    }
  }

  async skipTo(ms: number): Promise<void> {
    await this.#frames.return();
    this.#waiting = undefined;
    await this.#file.seek(ms, this.#stream);
    this.#frames = this.#file.frames(this.#stream);
  }

  close(): void {
    void this.#frames.return().then(() => this.#file.close());
  }

  #plain(frame: AvFrame): VideoFrame | undefined {
    const { width, height, format, linesize, data, bestEffortTimestamp } = frame;
    const { AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P, AV_NOPTS_VALUE } = this.#file.av;
    const [y, u, v] = data ?? [];
    const [strideY, strideU, strideV] = linesize;
    if (format !== AV_PIX_FMT_YUV420P && format !== AV_PIX_FMT_YUVJ420P) return undefined;
    if (bestEffortTimestamp === AV_NOPTS_VALUE || width * height > MAX_FRAME_PIXELS) return undefined;
    if (!y || !u || !v || !strideY || !strideU || !strideV) return undefined;
    return { width, height, format: 'i420', y, u, v, strideY, strideU, strideV };
  }
}
