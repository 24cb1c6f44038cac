import { invalidInput } from './errors.ts';
import type { Manifest } from './manifest.ts';
import type { AudioTokens, FaceObservation, TextTokens } from './tokens.ts';

/** Resampling and decoding overshoot full scale a little; more than this is no sound. */
const MAX_AMPLITUDE = 4;

/**
 * The checks of everything that is about to be encoded or fused: a graph fed with the wrong size fails a whole batch,
 * and a value that is no number would spread to whoever shares it.
 */
export function checkText(text: string): void {
  if (typeof text !== 'string') throw invalidInput(`text: a string is expected, not ${typeof text}.`);
}

export function checkPcm(pcm: Float32Array, { audio }: Manifest): void {
  if (!(pcm instanceof Float32Array)) throw invalidInput('pcm: a Float32Array of samples is expected.');
  if (pcm.length < 1 || pcm.length > audio.chunkSamples) {
    throw invalidInput(
      `pcm: ${pcm.length} samples were given; 1 to ${audio.chunkSamples} at ${audio.sampleRate} Hz are allowed.`,
    );
  }
  const index = pcm.findIndex((sample) => !(Math.abs(sample) <= MAX_AMPLITUDE));
  if (index >= 0) throw invalidInput(`pcm: sample ${index} is ${pcm[index]}; samples between -1 and 1 are expected.`);
}

export function checkFace(pixels: Uint8Array, { vision: { size } }: Manifest): void {
  if (!(pixels instanceof Uint8Array)) throw invalidInput('pixels: a Uint8Array of RGB bytes is expected.');
  if (pixels.length !== size * size * 3) {
    throw invalidInput(
      `pixels: ${pixels.length} bytes were given; ${size * size * 3} are expected (${size} x ${size}, RGB).`,
    );
  }
}

export function checkTokens(
  field: 'text' | 'audio' | 'vision',
  tokens: readonly (TextTokens | AudioTokens | FaceObservation['tokens'])[],
  { dim }: Manifest,
): void {
  for (const token of tokens) {
    if (token?.modality !== field) {
      throw invalidInput(`${field}: tokens of ${String(token?.modality)} were given; ${field} tokens are expected.`);
    }
    if (!(token.data instanceof Float32Array) || token.data.length !== token.count * dim) {
      throw invalidInput(
        `${field}: ${token.data?.length} values were given for ${token.count} tokens of width ${dim}; give tokens as they were returned.`,
      );
    }
  }
}
