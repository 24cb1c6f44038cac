/** A short recorded call that plays into a mediasoup router as RTP. */
export { createSampleCall, SampleCall } from './SampleCall.ts';
export type { SampleCallEvents, SampleCallOptions } from './SampleCall.ts';
export { MediaFileError } from './MediaFileError.ts';
export { readIvf, type IvfFile, type IvfFrame } from './ivf.ts';
export { readOggOpus, type OggOpusFile, type OpusFrame } from './ogg-opus.ts';
export { readRecording, SAMPLE_MEDIA_DIR, type RecordedSpeaker, type Recording } from './recording.ts';
export type { SpeakerIdentity } from './SpeakerSender.ts';
