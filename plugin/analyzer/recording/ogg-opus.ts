import { OggError, oggOpusLengthMs, oggOpusPieces } from '../media/index.ts';
import type { ByteSource } from './byte-source.ts';
import { RecordingFileError, SoundQueue, type Sound } from './sound.ts';

/** Coded sound is held in memory: that is 20 hours at 24 kbit/s. */
const MAX_MEGABYTES = 256;

/**
 * The sound of an Ogg Opus file.
 *
 * @throws RecordingFileError where it is damaged, holds no Opus, or is too large
 */
export async function openOggOpus(source: ByteSource): Promise<Sound> {
  if (source.size > MAX_MEGABYTES * 2 ** 20) {
    throw new RecordingFileError(`the Ogg file has more than ${MAX_MEGABYTES} MB, which is the most that is read`);
  }
  const bytes = await source.read(0, source.size);
  await source.close();
  try {
    const lengthMs = oggOpusLengthMs(bytes);
    if (lengthMs <= 0) throw new OggError('holds no sound');
    return new SoundQueue(lengthMs, pieces(bytes));
  } catch (error) {
    throw asFileError(error);
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Float32Array, void> {
  try {
    yield* oggOpusPieces(bytes);
  } catch (error) {
    throw asFileError(error);
  }
}

function asFileError(error: unknown): unknown {
  return error instanceof OggError ? new RecordingFileError(`the Ogg file cannot be decoded: ${error.message}`) : error;
}
