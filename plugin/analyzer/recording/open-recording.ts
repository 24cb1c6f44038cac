import { createVideoDecoder } from '../media/index.ts';
import type { RecordedFile, RecordedTrack, RecordedVideo, RecordingInput } from '../recording-protocol.ts';
import { AvFile, type ContainerKind, type ContainerTrack } from './av-file.ts';
import { openAvPictures } from './av-pictures.ts';
import { openAvSound } from './av-sound.ts';
import { bytesInMemory, openBytes, type ByteSource } from './byte-source.ts';
import { openIvf } from './ivf.ts';
import { openOggOpus } from './ogg-opus.ts';
import { picturesInMemory, type Pictures } from './pictures.ts';
import { RecordingFileError, type Sound } from './sound.ts';
import { openWav } from './wav.ts';

type FileKind = 'wav' | 'ogg' | ContainerKind;

/** Where a participant's video is: what another thread can be told. */
export type PicturesSpec =
  | { kind: 'ivf'; path: string }
  | { kind: 'frames'; video: RecordedVideo }
  | { kind: ContainerKind; path: string; stream: number };

/** One participant's sound, open, and where the video is. */
export interface OpenTrack {
  track: RecordedTrack;
  sound: Sound;
  pictures?: PicturesSpec;
}

/**
 * Opens an input, whatever its name: what it is shows in how it begins.
 *
 * @param input its place among the inputs
 * @param note told what was left out, as a sentence without a file's name
 * @throws RecordingFileError where it is nothing that is read
 */
export async function openRecording(
  { sound, video }: RecordingInput,
  input: number,
  note: (text: string) => void,
): Promise<OpenTrack[]> {
  const source = await openSource(sound);
  const kind = kindOf(await source.read(0, 12));
  if (kind === 'wav' || kind === 'ogg') {
    const opened = await (kind === 'wav' ? openWav(source) : openOggOpus(source));
    const track = { input, lengthMs: opened.lengthMs, hasVideo: video !== undefined };
    const pictures = video && ('path' in video ? ({ kind: 'ivf', ...video } as const) : framesOf(video));
    return [{ track, sound: opened, ...(pictures && { pictures }) }];
  }
  await source.close();
  if (!kind) throw new RecordingFileError('not a WAV file, nor Ogg Opus, MP4, WebM or MKV');
  if (!('path' in sound)) throw new RecordingFileError('MP4, WebM and MKV are read from files only');
  if (video) throw new RecordingFileError('brings its own video; leave the other out');
  return openContainer(sound.path, kind, input, note);
}

/** @throws RecordingFileError where the pictures cannot be read */
export async function openPictures(spec: PicturesSpec): Promise<Pictures> {
  switch (spec.kind) {
    case 'ivf':
      return openIvf(await openSource(spec));
    case 'frames':
      return picturesInMemory(spec.video.frames, await createVideoDecoder(spec.video.codec));
    case 'mp4':
    case 'matroska':
      return openAvPictures(spec.path, spec.kind, spec.stream);
  }
}

function framesOf(video: RecordedVideo): PicturesSpec {
  return { kind: 'frames', video };
}

async function openContainer(path: string, kind: ContainerKind, input: number, note: (text: string) => void) {
  const file = await AvFile.open(path, kind);
  const tracks = file.tracks();
  await file.close();
  const sounds = tracks.filter((track) => track.kind === 'audio');
  const videos = tracks.filter((track) => track.kind === 'video');
  if (sounds.length === 0) throw new RecordingFileError('holds no sound');
  const paired = sounds.map((track, index) => videoOf(track, index, sounds, videos));
  const used = paired.filter((video) => video !== undefined).length;
  if (used < videos.length) {
    note(`${videos.length - used} of ${videos.length} video tracks are left out: it does not show whose they are`);
  }
  const open = sounds.map(async ({ stream, title, lengthMs }, index): Promise<OpenTrack> => {
    const video = paired[index];
    return {
      track: {
        input,
        ...(sounds.length > 1 && { track: index + 1 }),
        ...(title !== undefined && { title }),
        lengthMs,
        hasVideo: video !== undefined,
      },
      sound: await openAvSound(path, kind, stream),
      ...(video && { pictures: { kind, path, stream: video.stream } }),
    };
  });
  return Promise.all(open);
}

/** By the same title, else by place where there are as many of both: nobody's face is guessed. */
function videoOf(
  { title }: ContainerTrack,
  index: number,
  sounds: readonly ContainerTrack[],
  videos: readonly ContainerTrack[],
): ContainerTrack | undefined {
  const titled = videos.filter((video) => video.title !== undefined && video.title === title);
  if (titled.length === 1) return titled[0];
  const contradicts = videos[index]?.title !== undefined && title !== undefined;
  return sounds.length === videos.length && !contradicts ? videos[index] : undefined;
}

async function openSource(file: RecordedFile): Promise<ByteSource> {
  if ('bytes' in file) return bytesInMemory(file.bytes);
  try {
    return await openBytes(file.path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const why = { ENOENT: 'there is no such file', EISDIR: 'is no file' }[code] ?? `cannot be read (${code})`;
    throw new RecordingFileError(why);
  }
}

function kindOf(head: Uint8Array): FileKind | undefined {
  const text = Buffer.from(head).toString('latin1');
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WAVE') return 'wav';
  if (text.startsWith('OggS')) return 'ogg';
  // EBML (RFC 8794) and ISO base media.
  if (text.startsWith('\x1a\x45\xdf\xa3')) return 'matroska';
  return text.slice(4, 8) === 'ftyp' ? 'mp4' : undefined;
}
