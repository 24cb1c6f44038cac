import libsamplerate from '@alexanderolsen/libsamplerate-js';
import { SAMPLE_RATE } from './sound.ts';

/** Samples at 16 kHz of samples at another rate, piece by piece: the pieces do not show. */
export interface Resampler {
  /** A copy; what the filter holds back comes with later pieces. */
  take(mono: Float32Array): Float32Array;
  /** What was held back. */
  end(): Float32Array;
  close(): void;
}

/** @param fromRate Hz */
export async function createResampler(fromRate: number): Promise<Resampler> {
  const { create, ConverterType } = libsamplerate;
  const converter = await create(1, fromRate, SAMPLE_RATE, { converterType: ConverterType.SRC_SINC_MEDIUM_QUALITY });
  let taken = 0;
  let given = 0;
  const convert = (mono: Float32Array) => {
    // Never beyond what the sound is long: the end is silence that brings the last samples out.
    const most = Math.round((taken * SAMPLE_RATE) / fromRate) - given;
    const part = converter.full(mono).slice(0, most);
    given += part.length;
    return part;
  };
  return {
    take: (mono) => {
      taken += mono.length;
      return mono.length === 0 ? new Float32Array(0) : convert(mono);
    },
    end: () => convert(new Float32Array(Math.ceil(fromRate / 50))),
    close: () => converter.destroy(),
  };
}
