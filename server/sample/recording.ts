import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseVtt, type VttCue } from '../../plugin/transcript/index.ts';
import { readIvf, type IvfFile } from './ivf.ts';
import { MediaFileError } from './MediaFileError.ts';
import { readOggOpus, type OggOpusFile } from './ogg-opus.ts';
import { isVp8KeyFrame } from './vp8-payload.ts';

export interface RecordedSpeaker {
  readonly id: string;
  readonly displayName: string;
  readonly audio: OggOpusFile;
  /** VP8. */
  readonly video: IvfFile;
}

/** The sample call as it lies on disk, read into memory (about 2 MB). */
export interface Recording {
  readonly title: string;
  readonly durationMs: number;
  /** BCP 47. */
  readonly lang: string;
  readonly speakers: readonly RecordedSpeaker[];
  /** What is said, in order; `speaker` is a display name. */
  readonly cues: readonly VttCue[];
}

/** Where the shipped sample lies. */
export const SAMPLE_MEDIA_DIR = join(import.meta.dirname, 'media');

const fileName = z.string().regex(/^[\w-]+\.\w+$/, 'a plain file name beside call.json');

const callSchema = z.object({
  title: z.string(),
  durationMs: z.number().positive(),
  lang: z.string(),
  transcript: fileName,
  speakers: z
    .array(
      z.object({
        id: z.string().min(1),
        displayName: z.string().min(1),
        audio: fileName,
        video: fileName,
        portrait: z.string(),
      }),
    )
    .min(1),
});

/**
 * Reads a folder with `call.json` and the files that it names.
 *
 * @throws MediaFileError naming the file that is missing or malformed
 */
export async function readRecording(directory = SAMPLE_MEDIA_DIR): Promise<Recording> {
  const read = async (name: string): Promise<Buffer> => {
    try {
      return await readFile(join(directory, name));
    } catch (error) {
      throw new MediaFileError(join(directory, name), `cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  };
  const call = parseCall(await read('call.json'), join(directory, 'call.json'));
  const speakers = call.speakers.map(async ({ id, displayName, audio, video }): Promise<RecordedSpeaker> => {
    const picture = readIvf(await read(video), join(directory, video));
    if (picture.fourcc !== 'VP80') {
      throw new MediaFileError(
        join(directory, video),
        `holds ${picture.fourcc}; the sample call plays VP80 (VP8) only`,
      );
    }
    const first = picture.frames[0];
    if (!first || !isVp8KeyFrame(first.data)) {
      throw new MediaFileError(join(directory, video), 'does not begin with a key frame: nobody could decode it');
    }
    return { id, displayName, audio: readOggOpus(await read(audio), join(directory, audio)), video: picture };
  });
  return {
    title: call.title,
    durationMs: call.durationMs,
    lang: call.lang,
    speakers: await Promise.all(speakers),
    cues: parseVtt((await read(call.transcript)).toString('utf8')),
  };
}

function parseCall(bytes: Buffer, name: string): z.infer<typeof callSchema> {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new MediaFileError(name, 'is not JSON');
  }
  const result = callSchema.safeParse(json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new MediaFileError(name, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not a call'}`);
}
