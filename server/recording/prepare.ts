import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttributedSegment, OpenRecordings } from '../../plugin/index.ts';
import { PACKAGE_DIR } from '../../plugin/paths.ts';
import type { FoundInput } from './find-inputs.ts';
import { InputError } from './InputError.ts';
import { transcriptSegments } from '../../plugin/recording/transcript-segments.ts';
import { checkSpeakers, keyOf, nameTracks, type SpeakerNames } from './speakers.ts';
import { giveOut, ownTranscript, readTranscript, voicesIn } from './transcripts.ts';

/** Who is heard, with their words. */
export interface PreparedParticipant {
  participantId: string;
  name: string;
  lengthMs: number;
  hasVideo: boolean;
  transcript?: AttributedSegment[];
}

export interface Prepared {
  participants: PreparedParticipant[];
  /** What was left out, in sentences. */
  notes: string[];
}

export interface PrepareOptions {
  inputs: readonly FoundInput[];
  speakers: SpeakerNames;
  /** Of the whole meeting. */
  transcript?: string;
  /** What a lone speaker is called whom nobody named. */
  lone?: { participantId: string; name: string; voice?: string };
}

/**
 * Says whose each track is and gives everybody their words.
 *
 * @throws InputError where that does not show
 */
export async function prepare(open: OpenRecordings, options: PrepareOptions): Promise<Prepared> {
  const { inputs, speakers, lone } = options;
  const names = nameTracks(open.tracks, inputs, speakers);
  const isLone = lone !== undefined && open.tracks.length === 1 && speakers.size === 0 && !open.tracks[0]!.title;
  const participants = open.tracks.map(({ lengthMs, hasVideo }, index): PreparedParticipant => {
    const who = isLone ? lone : { participantId: names[index]!, name: names[index]! };
    return { participantId: who.participantId, name: who.name, lengthMs, hasVideo };
  });
  const notes = [...open.notes];
  const known = open.tracks.map((track) => keyOf(track, inputs));
  if (options.transcript !== undefined) {
    const text = await readTranscript(options.transcript);
    checkSpeakers(speakers, [...known, ...inputs.map(({ name }) => name), ...voicesIn(text, options.transcript)]);
    const ids = participants.map(({ participantId }) => participantId);
    if (isLone) participants[0]!.transcript = lonely(text, options.transcript, lone);
    else {
      const { segments, left } = giveOut(text, options.transcript, ids, speakers);
      for (const participant of participants) participant.transcript = segments.get(participant.participantId);
      if (left.length > 0)
        notes.push(`${options.transcript}: the words of ${left.join(', ')} are left out: nobody is named so`);
    }
    return { participants, notes };
  }
  const voices: string[] = [];
  for (const [index, { input }] of open.tracks.entries()) {
    const path = inputs[input]!.transcript;
    if (path === undefined) continue;
    const text = await readTranscript(path);
    voices.push(...voicesIn(text, path));
    const one = open.tracks.filter((track) => track.input === input).length === 1;
    const { participantId } = participants[index]!;
    participants[index]!.transcript = one
      ? ownTranscript(text, path, participantId, speakers)
      : giveOut(
          text,
          path,
          names.filter((_, i) => open.tracks[i]!.input === input),
          speakers,
        ).segments.get(participantId);
  }
  checkSpeakers(speakers, [
    ...known,
    ...inputs.map(({ name }) => name),
    ...inputs.map(({ name }) => name.replace(/\.[^.]*$/, '')),
    ...voices,
  ]);
  return { participants, notes };
}

function lonely(text: string, path: string, { participantId, voice }: { participantId: string; voice?: string }) {
  try {
    return transcriptSegments(text, participantId, voice);
  } catch (error) {
    throw new InputError(`${path}: ${(error as Error).message}`);
  }
}

/** Two analyses with the same key are the same: one may go on where the other stopped. */
export async function analysisKey(
  { participants }: Prepared,
  inputs: readonly FoundInput[],
  open: OpenRecordings,
  settings: object,
): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(PACKAGE_DIR, 'package.json'), 'utf8')) as { version: string };
  const files = await Promise.all(
    inputs
      .flatMap(({ path, video }) => (video ? [path, video] : [path]))
      .map(async (path) => {
        const { size, mtimeMs } = await stat(path);
        return { path: path.split('/').at(-1), size, mtimeMs };
      }),
  );
  const { id, version: model } = open.model;
  const what = { version, model: `${id}@${model}`, settings, files, participants };
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 32);
}
