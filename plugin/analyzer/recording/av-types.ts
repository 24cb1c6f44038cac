/** The part of npm `node-av` (FFmpeg) that reads containers, written down here because the package is an optional peer. */
export interface NodeAvFiles {
  FormatContext: new () => AvFormatContext;
  InputFormat: { findInputFormat(name: string): object | null };
  Dictionary: { fromObject(options: Record<string, string>): object };
  Codec: { findDecoder(id: number): object | null; findDecoderByName(name: string): object | null };
  CodecContext: new () => AvDecoder;
  Packet: new () => AvPacket;
  Frame: new () => AvFrame;
  SoftwareResampleContext: new () => AvResampler;
  AVMEDIA_TYPE_VIDEO: number;
  AVMEDIA_TYPE_AUDIO: number;
  AVDISCARD_ALL: number;
  AVSEEK_FLAG_BACKWARD: number;
  AV_SAMPLE_FMT_FLT: number;
  AV_CHANNEL_LAYOUT_MONO: object;
  AV_NOPTS_VALUE: bigint;
  AV_PIX_FMT_YUV420P: number;
  AV_PIX_FMT_YUVJ420P: number;
}

export interface AvFormatContext {
  /** In microseconds. */
  readonly duration: bigint;
  readonly startTime: bigint;
  readonly streams: AvStream[];
  allocContext(): void;
  openInput(url: string, format: object | null, options: object | null): Promise<number>;
  findStreamInfo(options: null): Promise<number>;
  readFrame(packet: AvPacket): Promise<number>;
  seekFrame(stream: number, timestamp: bigint, flags: number): Promise<number>;
  closeInput(): Promise<void>;
}

export interface AvStream {
  readonly index: number;
  readonly codecpar: {
    readonly codecType: number;
    readonly codecId: number;
    readonly channels: number;
    readonly sampleRate: number;
    toContext(context: AvDecoder): number;
  };
  readonly timeBase: { readonly num: number; readonly den: number };
  readonly duration: bigint;
  readonly metadata: { getAll(): Record<string, string> } | null;
  discard: number;
}

export interface AvDecoder {
  threadCount: number;
  pktTimebase: { readonly num: number; readonly den: number };
  allocContext3(codec: object): void;
  setOption(name: string, value: string): number;
  open2Sync(codec: object): number;
  sendPacketSync(packet: AvPacket | null): number;
  receiveFrameSync(frame: AvFrame): number;
  flushBuffers(): void;
  freeContext(): void;
}

export interface AvPacket {
  readonly streamIndex: number;
  readonly size: number;
  alloc(): void;
  unref(): void;
  free(): void;
}

export interface AvFrame {
  width: number;
  height: number;
  format: number;
  sampleRate: number;
  channelLayout: object;
  readonly nbSamples: number;
  readonly linesize: number[];
  readonly bestEffortTimestamp: bigint;
  readonly decodeErrorFlags: number;
  readonly data: Buffer[] | null;
  alloc(): void;
  unref(): void;
  free(): void;
}

export interface AvResampler {
  alloc(): void;
  convertFrame(out: AvFrame | null, input: AvFrame | null): number;
  free(): void;
}
