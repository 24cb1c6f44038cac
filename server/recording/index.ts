/** Recordings from anywhere as one meeting: what is given, who is heard, what is done so far, what comes out. */
export { findInputs, type FoundInput } from './find-inputs.ts';
export { InputError } from './InputError.ts';
export { Journal } from './Journal.ts';
export { keepMeeting, type KeptRecording } from './keep-meeting.ts';
export { makeFolder, OUTPUT_NAMES, readFormats, writeOutputs, type OutputName } from './outputs.ts';
export { analysisKey, prepare, type Prepared, type PrepareOptions } from './prepare.ts';
export { reportPage, type ReportAbout } from './report/index.ts';
export { readSpeakers, type SpeakerNames } from './speakers.ts';
export { readTranscript, voicesIn } from './transcripts.ts';
