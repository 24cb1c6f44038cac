import { createReadStream } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { RecordedEvent, RecordedStep, RecordingResume } from '../../plugin/index.ts';
import { InputError } from './InputError.ts';

/** Steps (of about a second) that are written together. */
const STEPS_PER_LINE = 16;

/** A stretch of the recording that is done. */
interface Stretch {
  untilMs: number;
  events: RecordedEvent[];
  /** Of each participant, as base64 of 32-bit floats, least significant byte first. */
  vad: string[];
  memory: string[];
  /** The whole recording is. */
  done?: true;
}

interface Head {
  journal: 1;
  /** What is analysed and how: another key is another analysis. */
  key: string;
}

/**
 * What an analysis has done so far, on disk, a stretch a line. A run that was stopped or killed goes on from the last whole line.
 * It holds events and how sure it was of speech, never sound or pictures.
 */
export class Journal {
  readonly path: string;
  #file: FileHandle;
  #waiting: RecordedStep[] = [];
  #listeners = 0;
  /** What was done before; undefined where this is the beginning. */
  readonly resume: (RecordingResume & { lastSeq: number }) | undefined;
  /** The whole recording is analysed: only the results have to be written. */
  readonly isDone: boolean;

  /**
   * @param key what is analysed and how
   * @throws InputError where the journal there is of another analysis
   */
  static async open(path: string, key: string): Promise<Journal> {
    const file = await open(path, 'a+', 0o600);
    try {
      const { size } = await file.stat();
      const found = size > 0 ? await read(path, key) : undefined;
      if (!found) {
        await file.truncate(0);
        await file.write(`${JSON.stringify({ journal: 1, key } satisfies Head)}\n`);
        await file.datasync();
        return new Journal(path, file);
      }
      // What was being written when it was killed.
      if (found.bytes < size) await file.truncate(found.bytes);
      return new Journal(path, file, found);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private constructor(path: string, file: FileHandle, found?: Found) {
    this.path = path;
    this.#file = file;
    this.resume = found?.resume;
    this.isDone = found?.isDone ?? false;
  }

  /** Takes a step; it is on disk when some have come together, or after `flush`. */
  async add(step: RecordedStep): Promise<void> {
    // While a run catches up there is nothing new.
    if (step.listeners.length === 0 && step.events.length === 0) return;
    this.#waiting.push(step);
    if (step.last || this.#waiting.length >= STEPS_PER_LINE) await this.flush();
  }

  async flush(): Promise<void> {
    const steps = this.#waiting;
    if (steps.length === 0) return;
    this.#waiting = [];
    this.#listeners ||= steps[0]!.listeners.length;
    const of = (index: number) => steps.flatMap(({ listeners }) => (listeners[index] ? [listeners[index]] : []));
    const participants = Array.from({ length: this.#listeners }, (_, index) => of(index));
    const stretch: Stretch = {
      untilMs: steps.at(-1)!.untilMs,
      events: steps.flatMap(({ events }) => events),
      vad: participants.map((heard) => base64(heard.map(({ vad }) => vad))),
      memory: participants.map((heard) => base64(heard.slice(-1).map(({ memory }) => memory))),
      ...(steps.at(-1)!.last && { done: true }),
    };
    await this.#file.write(`${JSON.stringify(stretch)}\n`);
    await this.#file.datasync();
  }

  /** All events that are on disk, from the beginning; may be read more than once. */
  async *events(): AsyncGenerator<RecordedEvent, void> {
    for await (const line of linesOf(this.path)) {
      const stretch = JSON.parse(line) as Stretch | Head;
      if ('events' in stretch) yield* stretch.events;
    }
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file.close();
  }

  /** The results are written elsewhere. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }
}

interface Found {
  /** Up to where the journal is whole. */
  bytes: number;
  isDone: boolean;
  resume: RecordingResume & { lastSeq: number };
}

/** @returns undefined where nothing was done */
async function read(path: string, key: string): Promise<Found | undefined> {
  let bytes = 0;
  let head: Head | undefined;
  let last: Stretch | undefined;
  let lastSeq = 0;
  const vads: Buffer[][] = [];
  for await (const line of linesOf(path)) {
    let value: Stretch | Head;
    try {
      value = JSON.parse(line) as Stretch | Head;
    } catch {
      break;
    }
    if (!head) {
      if (!('journal' in value)) throw new InputError(`${path}: is no journal of an analysis; give another --out`);
      head = value;
      if (head.key !== key) {
        throw new InputError(
          `${path}: another analysis was stopped here, of other files or with other options; finish it as it was begun, or begin anew with --restart`,
        );
      }
    } else if ('events' in value) {
      last = value;
      lastSeq = value.events.at(-1)?.seq ?? lastSeq;
      for (const [index, vad] of value.vad.entries()) (vads[index] ??= []).push(Buffer.from(vad, 'base64'));
    }
    bytes += Buffer.byteLength(line) + 1;
  }
  if (!last) return undefined;
  const listeners = last.memory.map((memory, index) => ({
    vad: floats(Buffer.concat(vads[index] ?? [])),
    memory: floats(Buffer.from(memory, 'base64')),
  }));
  return { bytes, isDone: last.done === true, resume: { untilMs: last.untilMs, lastSeq, listeners } };
}

/** Whole lines only: what follows the last line end was cut off. */
async function* linesOf(path: string): AsyncGenerator<string, void> {
  let before: string | undefined;
  const input = createReadStream(path);
  let endsWhole = true;
  input.on('data', (chunk) => (endsWhole = chunk.at(-1) === 10 || chunk.at(-1) === '\n'));
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (before !== undefined) yield before;
    before = line;
  }
  if (before !== undefined && endsWhole) yield before;
}

function base64(parts: readonly Float32Array[]): string {
  return Buffer.concat(parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength))).toString(
    'base64',
  );
}

function floats(bytes: Buffer): Float32Array {
  const copy = new Float32Array(bytes.length / 4);
  for (let i = 0; i < copy.length; i += 1) copy[i] = bytes.readFloatLE(i * 4);
  return copy;
}
