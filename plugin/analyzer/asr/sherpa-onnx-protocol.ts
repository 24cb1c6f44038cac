/** What the analyzer and the process that runs sherpa-onnx say to each other over the IPC channel. */
import type { Hypothesis } from './AsrTypes.ts';
import type { SherpaModel } from './sherpa-onnx-model.ts';

export type ToSherpa =
  | { type: 'open'; model: SherpaModel; threads: number }
  | { type: 'begin'; turn: number }
  /** 16 kHz; answered by `heard` once it is decoded. */
  | { type: 'hear'; turn: number; pcm: Float32Array }
  /** Answered by a final `hypothesis`. */
  | { type: 'finish'; turn: number }
  | { type: 'cancel'; turn: number };

export type FromSherpa =
  | { type: 'opened' }
  | { type: 'failed'; message: string }
  | { type: 'heard'; turn: number; samples: number }
  | { type: 'hypothesis'; turn: number; hypothesis: Hypothesis };
