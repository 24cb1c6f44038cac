import { readFile } from 'node:fs/promises';
import type { RecordedTrack } from '../../plugin/index.ts';
import { stemOf, type FoundInput } from './find-inputs.ts';
import { InputError } from './InputError.ts';

/** Names that were given: by file, by track (`call.mkv#2`) or by the name of a voice in a transcript. */
export type SpeakerNames = ReadonlyMap<string, string>;

const MAX_NAME = 200;

/**
 * Reads `--speakers`: pairs `ada.wav=Ada, bob.wav=Bob`, or the name of a file with a pair a line (`#` begins a remark).
 *
 * @throws InputError naming the pair that is wrong
 */
export async function readSpeakers(text: string): Promise<SpeakerNames> {
  const isFile = !text.includes('=');
  const pairs = isFile ? await linesOf(text) : text.split(',');
  const names = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.lastIndexOf('=');
    const [key, name] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at < 1 || key === '' || name === '' || name.length > MAX_NAME) {
      throw new InputError(`--speakers: ${JSON.stringify(pair.trim())} is no pair such as ada.wav=Ada`);
    }
    if (names.has(key)) throw new InputError(`--speakers: ${JSON.stringify(key)} is named twice`);
    names.set(key, name);
  }
  return names;
}

async function linesOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      `--speakers: ${JSON.stringify(path)} is neither pairs such as ada.wav=Ada nor a file that can be read (${error.code})`,
    );
  });
  return text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
}

/** What a track is called in `--speakers`. */
export function keyOf({ input, track }: RecordedTrack, inputs: readonly FoundInput[]): string {
  const { name } = inputs[input]!;
  return track === undefined ? name : `${name}#${track}`;
}

/**
 * Who is heard in each track: as `--speakers` says, else as the container names the track, else by the file's name.
 *
 * @throws InputError where two would have one name
 */
export function nameTracks(
  tracks: readonly RecordedTrack[],
  inputs: readonly FoundInput[],
  speakers: SpeakerNames,
): string[] {
  const names = tracks.map((track) => {
    const key = keyOf(track, inputs);
    const stem = stemOf(inputs[track.input]!.name);
    const plain = track.track === undefined ? stem : `${stem} ${track.track}`;
    const named = speakers.get(key) ?? speakers.get(stem) ?? track.title?.slice(0, MAX_NAME) ?? plain;
    return named.normalize('NFC');
  });
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return names;
  const keys = tracks.filter((_, index) => names[index] === twice).map((track) => keyOf(track, inputs));
  throw new InputError(`${keys.join(' and ')} are both ${JSON.stringify(twice)}; tell them apart by --speakers`);
}

/** @throws InputError where a name was given for something that there is not */
export function checkSpeakers(speakers: SpeakerNames, known: readonly string[]): void {
  const all = new Set(known);
  for (const key of speakers.keys()) {
    if (all.has(key)) continue;
    throw new InputError(`--speakers: there is no ${JSON.stringify(key)}; there are ${known.slice(0, 20).join(', ')}`);
  }
}
