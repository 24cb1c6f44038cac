import type { TranscriptOptions } from '../protocol.ts';
import { RecogniserError, type Recogniser, type RecogniserHealth } from './AsrTypes.ts';
import { PocketsphinxRecogniser } from './pocketsphinx.ts';
import { SherpaOnnxRecogniser } from './sherpa-onnx.ts';

/**
 * Starts the recogniser that the options name.
 *
 * @returns undefined where none is asked for
 * @throws RecogniserError when it cannot be had, naming the option and what to do
 */
export async function createRecogniser(
  { recogniser, model, threads }: TranscriptOptions,
  health: RecogniserHealth,
): Promise<Recogniser | undefined> {
  switch (recogniser) {
    case 'none':
      return undefined;
    case 'pocketsphinx':
      return PocketsphinxRecogniser.start({ modelDir: model }, health);
    case 'sherpa-onnx':
      if (model === undefined) {
        throw new RecogniserError(
          "transcript.model is missing: recogniser 'sherpa-onnx' needs the folder of a streaming model, such as a " +
            'streaming zipformer of https://github.com/k2-fsa/sherpa-onnx/releases/tag/asr-models',
        );
      }
      return SherpaOnnxRecogniser.start({ modelDir: model, threads }, health);
  }
}
