/** PCM with speech probabilities. */
export { AudioTrack } from './audio-track.ts';
export type { AudioGapReason, AudioTrackOptions, AudioTrackSink, AudioTrackStats } from './audio-track.ts';
export { rmsDbfs, SILENCE_DBFS } from './levels.ts';
export { PcmFramer } from './pcm-framer.ts';
export type { FramedPcm } from './pcm-framer.ts';
export { loadVad, VAD_FRAME_MS, VAD_FRAME_SAMPLES, VAD_SAMPLE_RATE } from './vad.ts';
export type { ResumableVad, Vad, VadModel } from './vad.ts';
