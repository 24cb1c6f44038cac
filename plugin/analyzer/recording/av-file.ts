import { loadNodeAv } from '../media/index.ts';
import type { AvFormatContext, AvFrame, AvPacket, AvStream, NodeAvFiles } from './av-types.ts';
import { RecordingFileError } from './sound.ts';

export type ContainerKind = 'mp4' | 'matroska';

/** FFmpeg's names; no other demuxer gets to see the file. */
const DEMUXERS: Readonly<Record<ContainerKind, string>> = { mp4: 'mov', matroska: 'matroska' };
/** A file with more is no meeting. */
const MAX_STREAMS = 200;

/** A track of a container, as it is told to whoever asks what there is. */
export interface ContainerTrack {
  /** Place among the streams of the file. */
  stream: number;
  kind: 'audio' | 'video';
  /** As the file names the track, where it does. */
  title?: string;
  lengthMs: number;
}

/** @throws RecordingFileError where `node-av` is not installed: it says what to do */
export async function nodeAvFiles(): Promise<NodeAvFiles> {
  const av = await loadNodeAv();
  if (av) return av as unknown as NodeAvFiles;
  throw new RecordingFileError(
    'MP4, WebM and MKV are read by the optional package node-av, which is not installed: run `npm install node-av` (its ' +
      'binary is GPLv3), or give each participant’s sound as WAV or Ogg Opus',
  );
}

/** An open file of several tracks. Each reader opens its own: they go on at their own pace. */
export class AvFile {
  readonly av: NodeAvFiles;
  readonly #context: AvFormatContext;
  readonly #packet: AvPacket;
  #ended = false;

  /** @throws RecordingFileError where the file cannot be read */
  static async open(path: string, kind: ContainerKind): Promise<AvFile> {
    const av = await nodeAvFiles();
    const context = new av.FormatContext();
    context.allocContext();
    // By file only: a container may name other places to read from.
    const options = av.Dictionary.fromObject({ protocol_whitelist: 'file' });
    const opened = await context.openInput(`file:${path}`, av.InputFormat.findInputFormat(DEMUXERS[kind]), options);
    if (opened < 0) throw new RecordingFileError(`FFmpeg cannot read the file (error ${opened})`);
    const file = new AvFile(av, context);
    const found = await context.findStreamInfo(null);
    if (found >= 0 && context.streams.length <= MAX_STREAMS) return file;
    await file.close();
    throw new RecordingFileError(
      found < 0
        ? `FFmpeg finds no tracks in the file (error ${found})`
        : `the file has more than ${MAX_STREAMS} tracks`,
    );
  }

  private constructor(av: NodeAvFiles, context: AvFormatContext) {
    this.av = av;
    this.#context = context;
    this.#packet = new av.Packet();
    this.#packet.alloc();
  }

  tracks(): ContainerTrack[] {
    const { AVMEDIA_TYPE_AUDIO: audio, AVMEDIA_TYPE_VIDEO: video } = this.av;
    return this.#context.streams.flatMap((stream): ContainerTrack[] => {
      const { codecType } = stream.codecpar;
      if (codecType !== audio && codecType !== video) return [];
      const { title, handler_name: handler } = stream.metadata?.getAll() ?? {};
      const name = (title ?? (isRealName(handler) ? handler : undefined))?.trim();
      const lengthMs = Number(this.#context.duration) / 1000;
      const kind = codecType === audio ? 'audio' : 'video';
      return [{ stream: stream.index, kind, lengthMs, ...(name && { title: name }) }];
    });
  }

  stream(index: number): AvStream {
    return this.#context.streams[index]!;
  }

  /** Time of a timestamp from the beginning of the file, ms. */
  timeMs(timestamp: bigint, { timeBase }: AvStream): number {
    const startMs = this.#context.startTime > 0n ? Number(this.#context.startTime) / 1000 : 0;
    return (Number(timestamp) * timeBase.num * 1000) / timeBase.den - startMs;
  }

  /** Goes to the key frame before `ms`. */
  async seek(ms: number, { index, timeBase }: AvStream): Promise<void> {
    const startMs = this.#context.startTime > 0n ? Number(this.#context.startTime) / 1000 : 0;
    const timestamp = BigInt(Math.max(0, Math.floor(((ms + startMs) / 1000) * (timeBase.den / timeBase.num))));
    await this.#context.seekFrame(index, timestamp, this.av.AVSEEK_FLAG_BACKWARD);
    this.#ended = false;
  }

  /** Every decoded frame of one stream; it is reused for the next. Damaged ones are left out. */
  async *frames(stream: AvStream, codecName?: string): AsyncGenerator<AvFrame, void> {
    const { av } = this;
    for (const other of this.#context.streams) if (other.index !== stream.index) other.discard = av.AVDISCARD_ALL;
    const codec =
      (codecName === undefined ? null : av.Codec.findDecoderByName(codecName)) ??
      av.Codec.findDecoder(stream.codecpar.codecId);
    if (!codec) throw new RecordingFileError(`track ${stream.index} has a codec that FFmpeg cannot decode`);
    const decoder = new av.CodecContext();
    const frame = new av.Frame();
    frame.alloc();
    try {
      decoder.allocContext3(codec);
      stream.codecpar.toContext(decoder);
      decoder.pktTimebase = stream.timeBase;
      decoder.threadCount = 1;
      const opened = decoder.open2Sync(codec);
      if (opened < 0) throw new RecordingFileError(`track ${stream.index} cannot be decoded (error ${opened})`);
      while (!this.#ended) {
        const packet = await this.#read(stream.index);
        // What FFmpeg refuses is damaged: the next may be whole.
        decoder.sendPacketSync(packet);
        packet?.unref();
        while (decoder.receiveFrameSync(frame) >= 0) {
          if (frame.decodeErrorFlags === 0) yield frame;
          frame.unref();
        }
      }
    } finally {
      frame.free();
      decoder.freeContext();
    }
  }

  async close(): Promise<void> {
    this.#packet.free();
    await this.#context.closeInput();
  }

  /** The next packet of a stream; null at the end of the file. */
  async #read(stream: number): Promise<AvPacket | null> {
    while ((await this.#context.readFrame(this.#packet)) >= 0) {
      if (this.#packet.streamIndex === stream) return this.#packet;
      this.#packet.unref();
    }
    this.#ended = true;
    return null;
  }
}

/** What muxers write where nobody named the track. */
function isRealName(handler: string | undefined): boolean {
  return handler !== undefined && !/handler|^(core media|iso media|mainconcept|gpac|\u0000)/i.test(handler);
}
