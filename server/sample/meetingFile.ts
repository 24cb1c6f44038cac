import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { modelDir } from '../../plugin/paths.ts';
import { MediaFileError } from './MediaFileError.ts';
import { SAMPLE_MEDIA_DIR } from './recording.ts';

/** Where the shipped sample meeting lies. */
export const SAMPLE_MEETING_DIR = join(import.meta.dirname, 'meeting');

/** The model that the sample meeting is made with. */
const MODEL = 'open';

const digests = z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/));

const aboutSchema = z.object({
  meetingId: z.string().min(1),
  roomId: z.string().min(1),
  title: z.string().min(1),
  startMs: z.number().nonnegative(),
  endMs: z.number().nonnegative(),
  labels: z.object({ id: z.string(), labels: z.array(z.string()) }),
  model: z.object({ id: z.string(), version: z.string() }),
  contract: z.string(),
  software: z.string(),
  participants: z.array(z.object({ participantId: z.string().min(1), displayName: z.string().min(1) })).min(1),
  madeFrom: digests.describe('SHA-256 of the model’s manifest and of the recordings, by file.'),
});

/** What is told of the sample meeting beside its events. */
export type AboutSampleMeeting = z.infer<typeof aboutSchema>;

export interface SampleMeetingFile {
  about: AboutSampleMeeting;
  /** Of the contract, in the order of emission. */
  events: UndertoneEvent[];
}

/**
 * Reads the sample meeting, a few kilobytes.
 *
 * @throws MediaFileError naming the file that is missing or malformed
 */
export async function readSampleMeeting(directory = SAMPLE_MEETING_DIR): Promise<SampleMeetingFile> {
  const text = async (name: string) => {
    try {
      return await readFile(join(directory, name), 'utf8');
    } catch (error) {
      throw new MediaFileError(join(directory, name), `cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
  };
  const parse = <T>(name: string, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      throw new MediaFileError(join(directory, name), `is not what it should be: ${(error as Error).message}`);
    }
  };
  // One after the other, so that where both are missing the error always names the same one.
  const about = await text('meeting.json');
  const lines = await text('events.jsonl');
  return {
    about: parse('meeting.json', (): AboutSampleMeeting => aboutSchema.parse(JSON.parse(about))),
    events: parse('events.jsonl', () =>
      lines
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as UndertoneEvent),
    ),
  };
}

/**
 * What the sample meeting is made from, as it lies here: the manifest of the shipped model, which names the digest of each
 * graph, and the recordings.
 *
 * @returns SHA-256 by file
 */
export async function sampleMeetingSources(): Promise<Record<string, string>> {
  const call = JSON.parse(await readFile(join(SAMPLE_MEDIA_DIR, 'call.json'), 'utf8')) as {
    transcript: string;
    speakers: { audio: string; video: string }[];
  };
  const media = ['call.json', call.transcript, ...call.speakers.flatMap(({ audio, video }) => [audio, video])];
  const files = [
    [`models/weights/${MODEL}/manifest.json`, join(modelDir(MODEL), 'manifest.json')],
    ...media.map((name) => [name, join(SAMPLE_MEDIA_DIR, name)]),
  ] as [string, string][];
  const digestOf = async (path: string) =>
    createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  return Object.fromEntries(
    await Promise.all(files.map(async ([name, path]) => [name, await digestOf(path)] as const)),
  );
}
