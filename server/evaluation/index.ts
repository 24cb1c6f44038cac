/** Measures a model on labelled items, in the runtime of a live call. */
export { evaluate, type Evaluation, type EvaluationOptions } from './evaluate.ts';
export { EvaluationError } from './EvaluationError.ts';
export { FACE_MODES, type FaceMode } from './media/FaceCutter.ts';
export type { Prediction } from './report.ts';
