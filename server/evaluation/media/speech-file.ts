import { decodeOggOpus, OggError } from '../../../plugin/analyzer/media/index.ts';
import { readWav, WavError } from '../../../plugin/analyzer/recording/index.ts';
import { EvaluationError } from '../EvaluationError.ts';

/**
 * Decodes a WAV or Ogg Opus file, told apart by how they begin.
 *
 * @returns mono, 16 kHz, -1..1
 * @throws EvaluationError where it is neither, damaged or empty
 */
export async function decodeSpeech(file: Uint8Array): Promise<Float32Array> {
  try {
    switch (Buffer.from(file.subarray(0, 4)).toString('latin1')) {
      case 'RIFF':
        return await readWav(file);
      case 'OggS':
        return await decodeOggOpus(file);
      default:
        throw new EvaluationError('is neither WAV nor Ogg Opus');
    }
  } catch (error) {
    if (error instanceof OggError) throw new EvaluationError(`the Ogg file cannot be decoded: ${error.message}`);
    if (error instanceof WavError) throw new EvaluationError(error.message);
    throw error;
  }
}
