/** Access units to pictures, PCM and face crops. */
export { createVideoDecoder, VIDEO_BACKEND_CHOICES } from './create-video-decoder.ts';
export type { VideoBackendChoice, VideoDecoderOptions } from './create-video-decoder.ts';
export { cropToRgb, letterboxToRgb } from './crop.ts';
export type { Letterbox, SquareBox } from './crop.ts';
export { decodeOggOpus, oggOpusLengthMs, oggOpusPieces } from './decode-ogg-opus.ts';
export { faceQuality, laplacianVariance } from './face-quality.ts';
export type { FaceQuality, FaceQualityInput, FaceQualityReason } from './face-quality.ts';
export { sampleFace } from './face-sampler.ts';
export type { FaceCropOptions, FaceSample } from './face-sampler.ts';
export { createFaceDetector, pickParticipantFace, squareAround } from './faces.ts';
export type { Face, FaceBox, FaceDetector, FaceDetectorOptions } from './faces.ts';
export { FrameSampler } from './frame-sampler.ts';
export { LoadGauge } from './load-gauge.ts';
export type { LoadGaugeOptions, LoadLevel } from './load-gauge.ts';
export { loadNodeAv } from './node-av.ts';
export { PacketAssembler } from './ogg/packets.ts';
export { OggError, pageProblem, readOggPages } from './ogg/pages.ts';
export type { OggPage } from './ogg/pages.ts';
export { createOpusDecoder, OPUS_SAMPLE_RATE } from './opus.ts';
export type { OpusDecoder, OpusDecoderStats } from './opus.ts';
export { scaleToSquare, toVideoFrame } from './rgb-picture.ts';
export type { RgbPicture } from './rgb-picture.ts';
export { TemporalLayers } from './temporal-layers.ts';
export { MAX_ACCESS_UNIT_BYTES, MAX_FRAME_PIXELS } from './video-decoder.ts';
export type {
  DecodeFailure,
  DecodeFailureCode,
  VideoBackend,
  VideoDecoder,
  VideoDecoderStats,
  VideoFrame,
} from './video-decoder.ts';
export { VideoTrack } from './video-track.ts';
export type { VideoEffort, VideoTrackOptions, VideoTrackSink, VideoTrackStats } from './video-track.ts';
