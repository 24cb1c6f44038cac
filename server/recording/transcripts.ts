import { readFile, stat } from 'node:fs/promises';
import {
  parseTranscript,
  TranscriptFileError,
  type AttributedSegment,
  type TranscriptCue,
} from '../../plugin/index.ts';
import { transcriptSegments } from '../../plugin/recording/transcript-segments.ts';
import { InputError } from './InputError.ts';
import type { SpeakerNames } from './speakers.ts';

const MAX_MEGABYTES = 64;
const SHOWN_VOICES = 8;

/** @throws InputError where the file cannot be read */
export async function readTranscript(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_MEGABYTES * 2 ** 20) throw new InputError(`${path}: at most ${MAX_MEGABYTES} MB are read`);
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError(`${path}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`}`);
  }
}

/** The names of the voices in a transcript. @throws InputError */
export function voicesIn(text: string, path: string): string[] {
  return [...new Set(cuesOf(text, path).flatMap(({ speaker }) => (speaker === undefined ? [] : [speaker])))];
}

/**
 * A transcript of the whole meeting, given out by the names of its voices. Nobody's words are guessed: those of voices that
 * are nobody's, or are not named, are left out.
 *
 * @param speakers may say who is meant by a voice
 * @returns the words of each participant, and the voices that were left out
 * @throws InputError where no voice is anybody's
 */
export function giveOut(
  text: string,
  path: string,
  participants: readonly string[],
  speakers: SpeakerNames,
): { segments: Map<string, AttributedSegment[]>; left: string[] } {
  const cues = cuesOf(text, path);
  const [only] = participants;
  const voices = [...new Set(cues.map(({ speaker }) => speaker))];
  if (participants.length === 1 && voices.length === 1)
    return { segments: new Map([[only!, segmentsOf(cues, only!)]]), left: [] };
  const byName = new Map(participants.map((name) => [folded(name), name]));
  const whose = (voice: string | undefined) => byName.get(folded(speakers.get(voice ?? '') ?? voice ?? ''));
  const segments = new Map(
    participants.map((name) => [
      name,
      segmentsOf(
        cues.filter(({ speaker }) => whose(speaker) === name),
        name,
      ),
    ]),
  );
  const left = voices.filter((voice) => whose(voice) === undefined).map((voice) => voice ?? 'somebody unnamed');
  if (left.length === voices.length && cues.length > 0) {
    const shown = left.slice(0, SHOWN_VOICES).join(', ');
    throw new InputError(
      `${path}: its voices (${shown}) are none of ${participants.join(', ')}; say who is who by --speakers "VOICE=NAME"`,
    );
  }
  return { segments, left };
}

/** The transcript of one file. @throws InputError where it does not show whose words are meant */
export function ownTranscript(
  text: string,
  path: string,
  participant: string,
  speakers: SpeakerNames,
): AttributedSegment[] {
  const voices = voicesIn(text, path);
  const own = voices.find((voice) => folded(speakers.get(voice) ?? voice) === folded(participant));
  try {
    return transcriptSegments(text, participant, voices.length > 1 ? own : undefined);
  } catch (error) {
    throw new InputError(`${path}: ${(error as Error).message}`);
  }
}

function cuesOf(text: string, path: string): TranscriptCue[] {
  try {
    return parseTranscript(text).cues;
  } catch (error) {
    if (error instanceof TranscriptFileError) throw new InputError(`${path}: transcript: ${error.message}`);
    throw error;
  }
}

function segmentsOf(cues: readonly TranscriptCue[], participantId: string): AttributedSegment[] {
  return cues.map(({ text, startMs, endMs, words, lang, id, final = true }, index) => ({
    participantId,
    segmentId: id ?? String(index),
    text,
    final,
    startMs,
    endMs,
    ...(words && { words }),
    ...(lang !== undefined && { lang }),
  }));
}

function folded(name: string): string {
  return name.normalize('NFKC').trim().toLocaleLowerCase('en');
}
