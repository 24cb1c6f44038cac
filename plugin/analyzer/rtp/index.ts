/** RTP datagrams to access units and Opus packets on one wall clock. Pure and synchronous: time is passed in. */
export { createDepacketizer, VIDEO_CODECS } from './depacketizer.ts';
export type { AccessUnit, Depacketizer, DepacketizerStats, VideoCodec } from './depacketizer.ts';
export { RtpClock } from './clock.ts';
export type { ClockSource, RtpClockOptions } from './clock.ts';
export type { IntakeStats, ReceiverOptions } from './intake.ts';
export { KeyFrameRequester } from './keyframes.ts';
export { OPUS_CLOCK_RATE, parseOpus } from './opus.ts';
export type { OpusPacketInfo } from './opus.ts';
export { parseRtp } from './packet.ts';
export type { RtpPacket } from './packet.ts';
export { AudioReceiver } from './receiver-audio.ts';
export type {
  AudioDtxItem,
  AudioItem,
  AudioLongGapItem,
  AudioLostItem,
  AudioPacketItem,
  AudioReceiverOptions,
  AudioReceiverStats,
} from './receiver-audio.ts';
export { VideoReceiver } from './receiver-video.ts';
export type { TimedAccessUnit, VideoReceiverOptions, VideoReceiverStats } from './receiver-video.ts';
export { isGap, ReorderBuffer } from './reorder.ts';
export type { Gap, PutOutcome } from './reorder.ts';
export { mediaSsrcs } from './route.ts';
export { isRtcp, parseRtcp } from './rtcp.ts';
export type { Goodbye, RtcpItem, SenderReport } from './rtcp.ts';
export { SenderClock } from './sender-clock.ts';
export type { ClockOffset } from './sender-clock.ts';
export { Unwrapper } from './sequence.ts';
