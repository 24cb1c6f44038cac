import type sharpFunction from 'sharp';
import type { RgbPicture } from '../../../plugin/analyzer/media/index.ts';
import { EvaluationError } from '../EvaluationError.ts';

/** A picture that says it has more is refused before it is decoded. */
const MAX_PIXELS = 100_000_000;
/** Larger ones are made smaller, to what a camera in a call sends. */
const MAX_SIDE = 1_920;

export type PictureDecoder = (file: Uint8Array) => Promise<RgbPicture>;

/**
 * Loads the decoder of PNG, JPEG and WebP files. It gives pictures upright, without transparency, of an animation the
 * first one, and throws EvaluationError for a file that is none of these or damaged.
 *
 * @throws EvaluationError where the optional package that it needs is not installed
 */
export async function loadPictureDecoder(): Promise<PictureDecoder> {
  const sharp = await loadSharp();
  return async (file) => {
    if (!isPicture(file)) throw new EvaluationError('is neither PNG, JPEG nor WebP');
    try {
      const { data, info } = await sharp(file, { limitInputPixels: MAX_PIXELS })
        .autoOrient()
        .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
        .removeAlpha()
        .toColourspace('srgb')
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true });
      return { width: info.width, height: info.height, pixels: data };
    } catch (error) {
      throw new EvaluationError(`the picture cannot be decoded: ${firstLine(error)}`);
    }
  };
}

function isPicture(file: Uint8Array): boolean {
  const begin = Buffer.from(file.subarray(0, 12)).toString('latin1');
  const isWebp = begin.startsWith('RIFF') && begin.endsWith('WEBP');
  return begin.startsWith('\x89PNG') || begin.startsWith('\xff\xd8\xff') || isWebp;
}

async function loadSharp(): Promise<typeof sharpFunction> {
  try {
    const { default: sharp } = await import('sharp');
    // Many small pictures are decoded side by side: threads and a cache within each would only be in the way.
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  } catch (error) {
    throw new EvaluationError(
      `pictures need the optional package sharp, which cannot be loaded (${firstLine(error)}); install it with: npm install sharp`,
    );
  }
}

function firstLine(error: unknown): string {
  return (error as Error).message.split('\n', 1)[0]!;
}
