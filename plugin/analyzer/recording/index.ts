/** Recordings: files to sound and faces, piece by piece. */
export type { RecordedFace } from './faces.ts';
export { RecordingFaces } from './faces.ts';
export { openPictures, openRecording, type OpenTrack, type PicturesSpec } from './open-recording.ts';
export { RecordingFileError, SAMPLE_RATE, type Sound } from './sound.ts';
export { readWav } from './wav.ts';
export { WavError } from './wav-layout.ts';
