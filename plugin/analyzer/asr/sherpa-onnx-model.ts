import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RecogniserError } from './AsrTypes.ts';

/** The files of a streaming model, as sherpa-onnx's `modelConfig` wants them. */
export type SherpaModel = { tokens: string } & (
  | { transducer: { encoder: string; decoder: string; joiner: string } }
  | { paraformer: { encoder: string; decoder: string } }
  | { zipformer2Ctc: { model: string } }
);

/**
 * Finds the parts of a streaming model in a folder, as the sherpa-onnx project publishes them: `tokens.txt`, and
 * `encoder*.onnx`, `decoder*.onnx`, `joiner*.onnx` (transducer), the first two of these (paraformer) or `model*.onnx`
 * (zipformer CTC). Of an encoder or joiner in two precisions, int8 is taken: it is the faster one on a CPU.
 *
 * @throws RecogniserError naming the file that is missing
 */
export function findSherpaModel(dir: string): SherpaModel {
  let files: string[];
  try {
    files = readdirSync(dir).sort();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such folder' : 'it cannot be read';
    throw new RecogniserError(
      `transcript.model: ${dir}: ${why}; it must be the folder of a streaming sherpa-onnx model`,
    );
  }
  const part = (name: string, precision: 'int8' | 'full'): string | undefined => {
    const all = files.filter((file) => new RegExp(`(^|[-_.])${name}([-_.].*)?\\.onnx$`).test(file));
    const preferred = all.find((file) => file.includes('int8') === (precision === 'int8'));
    const file = preferred ?? all[0];
    return file === undefined ? undefined : join(dir, file);
  };
  const missing = (what: string): RecogniserError =>
    new RecogniserError(
      `transcript.model: ${dir} has no ${what}; a streaming sherpa-onnx model has tokens.txt with encoder*.onnx, ` +
        'decoder*.onnx and joiner*.onnx, or with model*.onnx',
    );
  if (!files.includes('tokens.txt')) throw missing('tokens.txt');
  const tokens = join(dir, 'tokens.txt');
  const [encoder, decoder, joiner] = [part('encoder', 'int8'), part('decoder', 'full'), part('joiner', 'int8')];
  if (encoder && decoder && joiner) return { tokens, transducer: { encoder, decoder, joiner } };
  if (encoder && decoder) return { tokens, paraformer: { encoder, decoder } };
  const model = part('model', 'int8');
  if (model) return { tokens, zipformer2Ctc: { model } };
  if (encoder || decoder || joiner) throw missing(encoder ? 'decoder*.onnx' : 'encoder*.onnx');
  throw missing('encoder*.onnx');
}
