/** Speech recognition inside the analyzer, by processes that it watches. */
export { RecogniserError } from './AsrTypes.ts';
export type * from './AsrTypes.ts';
export { createRecogniser } from './create-recogniser.ts';
export { ParticipantEar, type ParticipantEarOptions } from './participant-ear.ts';
