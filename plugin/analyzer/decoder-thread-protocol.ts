/**
 * What the analyzer's main thread and a decoder thread say to each other over their message port. One thread serves many
 * participants. All times are wall ms at the SFU (`Date.now()`), all of one machine's clock.
 */
import type {
  FaceBox,
  FaceCropOptions,
  FaceQualityReason,
  LoadLevel,
  VideoBackend,
  VideoTrackStats,
} from './media/index.ts';
import type { VideoCodec } from './rtp/index.ts';
import type { AudioGapReason, AudioTrackStats } from './speech/index.ts';

export type DecoderCodec = 'opus' | VideoCodec;

/** Who decodes each codec in this thread. */
export type DecoderBackends = Readonly<Record<VideoCodec, VideoBackend>> & { readonly opus: 'evan-opus-wasm' };

/** Given as `workerData`. */
export interface DecoderThreadOptions {
  /** Folder of blazeface-256.onnx and silero_vad_16k_op15.onnx. */
  detectorsDir: string;
  /** How the model wants its faces. */
  crop: FaceCropOptions;
  /** Frames a second and participant to look for a face in. @default 2 */
  videoFps?: number;
}

export interface DecoderTrack {
  /** Unique in this thread. */
  trackId: string;
  /** Tracks with the same key share the sender's clock, so audio and video stay in step. */
  participantKey: string;
  kind: 'audio' | 'video';
  codec: DecoderCodec;
  payloadType: number;
  /** Hz. */
  clockRate: number;
  ssrc: number;
}

export type ToDecoderThread =
  | ({ type: 'track.add' } & DecoderTrack)
  /** RTP or RTCP, its buffer transferred. Datagrams of unknown tracks are counted and dropped. */
  | { type: 'datagram'; trackId: string; data: Uint8Array; arrivalMs: number }
  /** What is left of the track is given out, then its `track.stats` with `final: true`. */
  | { type: 'track.remove'; trackId: string }
  /** What is left is given out. Datagrams are ignored until the track is resumed; video then needs a key frame. */
  | { type: 'track.pause'; trackId: string }
  | { type: 'track.resume'; trackId: string }
  | { type: 'settings'; videoFps?: number; video?: 'on' | 'off' }
  /** Gives out what is left of all tracks, answers `drained`, frees everything and lets the thread end by itself. */
  | { type: 'drain' };

export interface AudioMessage {
  type: 'audio';
  trackId: string;
  participantKey: string;
  /** Wall time of the first sample. */
  startMs: number;
  /** Mono, 16 kHz, -1..1; a multiple of 512 samples; transferred. */
  pcm: Float32Array<ArrayBuffer>;
  /** Speech probability of each 512 samples (32 ms), 0..1; transferred. */
  vad: Float32Array<ArrayBuffer>;
  /** How much of the sound was recovered or made up, ms. */
  concealedMs: number;
  /** Where the newest packet was placed: that its RTP timestamp is that wall time. */
  anchor?: { rtpTimestamp: number; wallMs: number };
}

/**
 * A stretch for which no sound came: the sender was silent and sent nothing ('dtx'), packets were lost ('loss'), or the
 * stream stopped ('long-gap'). For the first two, `audio` goes on without a hole (silence, recovered or made-up sound), and
 * this message comes when the stretch is over or a second long. After a long gap `audio` begins anew; one that is still going
 * on is told at once, and again in full when it has ended.
 */
export interface AudioGapMessage {
  type: 'audio.gap';
  trackId: string;
  participantKey: string;
  fromMs: number;
  toMs: number;
  reason: AudioGapReason;
}

export interface FaceMessageCrop {
  /** RGB, `size * size * 3` bytes; transferred. */
  pixels: Uint8Array<ArrayBuffer>;
  /** Side of the crop, pixels. */
  size: number;
  /** The face in pixels of the frame; it may leave the frame. */
  box: FaceBox;
  frameWidth: number;
  frameHeight: number;
  /** The detector's confidence, 0..1. */
  score: number;
  /** 0 (useless) to 1. */
  quality: number;
  reasons: readonly FaceQualityReason[];
}

/** One sampled video frame: its face, or null where it shows none. */
export interface FaceMessage {
  type: 'face';
  trackId: string;
  participantKey: string;
  atMs: number;
  face: FaceMessageCrop | null;
}

/** Every 5 s while something arrives, and once more (`final`) when the track is removed. Counts since the track was added. */
export type TrackStatsMessage = { type: 'track.stats'; trackId: string; final: boolean } & (
  { kind: 'audio'; counts: AudioTrackStats } | { kind: 'video'; counts: VideoTrackStats }
);

export interface DecoderErrorMessage {
  type: 'error';
  trackId?: string;
  code:
    /** The thread cannot work: a model or a decoder is missing. It ends. */
    | 'start-failed'
    /** The track was refused: its id is taken, or a value is not allowed. */
    | 'bad-track'
    /** The video is sound but beyond the decoder, and is not decoded. */
    | 'unsupported'
    /** The video is larger than is decoded. */
    | 'too-large'
    /** Something unforeseen; the track goes on. */
    | 'track-failed';
  message: string;
}

export type FromDecoderThread =
  | { type: 'ready'; decoders: DecoderBackends }
  | AudioMessage
  | AudioGapMessage
  | FaceMessage
  /** The sender should be asked for a key frame; already limited in rate. */
  | { type: 'keyframe'; trackId: string }
  | TrackStatsMessage
  /** The thread is behind by so much: 1 looks for fewer faces, 2 leaves video out, 0 is all well again. */
  | { type: 'load'; level: LoadLevel; behindMs: number }
  | DecoderErrorMessage
  | { type: 'drained' };
