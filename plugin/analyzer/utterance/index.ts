/** Utterances: one participant's sound, faces and words, cut into stretches of speech that line up. */
export {
  createParticipantPipeline,
  type ClosePipelineOptions,
  type ParticipantPipeline,
  type ParticipantPipelineOptions,
} from './participant-pipeline.ts';
export { Tracer } from './tracer.ts';
export type * from './UtteranceTypes.ts';
