import { Av1Format } from './av1.ts';
import { H264Format } from './h264.ts';
import type { RtpPacket } from './packet.ts';
import { UnitAssembler } from './unit-assembler.ts';
import type { PayloadFormat } from './payload-format.ts';
import { Vp8Format } from './vp8.ts';
import { Vp9Format } from './vp9.ts';

export type VideoCodec = 'vp8' | 'vp9' | 'h264' | 'av1';

export const VIDEO_CODECS: readonly VideoCodec[] = ['vp8', 'vp9', 'h264', 'av1'];

/** One coded picture, complete, as a decoder takes it. */
export interface AccessUnit {
  /**
   * VP8: a frame. VP9: a frame of the lowest spatial layer. H264: Annex B with SPS and PPS before each IDR picture.
   * AV1: a temporal unit in the low-overhead format, with sizes and a temporal delimiter.
   */
  readonly data: Uint8Array;
  readonly rtpTimestamp: number;
  readonly keyFrame: boolean;
  /** Temporal layer, 0 where the codec or the sender has none. */
  readonly temporalId: number;
  /** Picture size in pixels where the unit tells it, as key frames do. */
  readonly width?: number;
  readonly height?: number;
}

export interface DepacketizerStats {
  /** Access units given out. */
  readonly units: number;
  readonly keyFrames: number;
  /** Access units dropped: a part was missing or malformed, or they build on such a one. */
  readonly droppedUnits: number;
  /** Packets whose payload broke the rules of the codec's RTP format. */
  readonly malformedPackets: number;
}

/** Packets of one stream, in order, to access units. */
export interface Depacketizer {
  /**
   * Takes the next packet in order; a hole in the sequence numbers counts as `onGap()`. Never throws.
   *
   * @returns the access unit that the packet completes
   */
  push(packet: RtpPacket): AccessUnit | null;
  /** Packets are missing here: what was begun is dropped, and what builds on it until the next key frame. */
  onGap(): void;
  /** Forgets what was begun, as after a change of the stream; counts stay. */
  reset(): void;
  /** Nothing can be decoded until a key frame comes. True at the start. */
  readonly needsKeyFrame: boolean;
  readonly stats: DepacketizerStats;
}

const FORMATS: { readonly [codec in VideoCodec]: () => PayloadFormat } = {
  vp8: () => new Vp8Format(),
  vp9: () => new Vp9Format(),
  h264: () => new H264Format(),
  av1: () => new Av1Format(),
};

/** @throws RangeError when `codec` is none of `VIDEO_CODECS` */
export function createDepacketizer(codec: VideoCodec): Depacketizer {
  if (!Object.hasOwn(FORMATS, codec)) {
    throw new RangeError(`codec is ${JSON.stringify(codec)}: give one of ${VIDEO_CODECS.join(', ')}.`);
  }
  return new UnitAssembler(FORMATS[codec]());
}
