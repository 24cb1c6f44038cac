import type { FileHandle } from 'node:fs/promises';

export interface FileLine {
  text: string;
  /** Where it begins, in bytes. */
  offset: number;
  bytes: number;
  /** Whether a line feed ends it; the last line of a file may have none. */
  complete: boolean;
}

const CHUNK = 64 * 1024;
/** Longer lines are no records. */
const MAX_LINE = 1024 * 1024;
const LINE_FEED = 10;

/**
 * The lines of a file with their places, never more than one in memory; closes the file.
 * @throws RangeError for a line over 1 MiB; what the file system throws
 */
export async function* readLines(file: FileHandle): AsyncGenerator<FileLine> {
  try {
    let rest: Buffer = Buffer.alloc(0);
    let offset = 0;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, null);
      if (bytesRead === 0) break;
      let data = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
      for (let end = data.indexOf(LINE_FEED); end >= 0; end = data.indexOf(LINE_FEED)) {
        yield { text: data.toString('utf8', 0, end), offset, bytes: end + 1, complete: true };
        offset += end + 1;
        data = data.subarray(end + 1);
      }
      if (data.length > MAX_LINE) throw new RangeError(`the line at byte ${offset} is longer than ${MAX_LINE} bytes`);
      rest = data;
    }
    if (rest.length > 0) yield { text: rest.toString('utf8'), offset, bytes: rest.length, complete: false };
  } finally {
    await file.close();
  }
}
