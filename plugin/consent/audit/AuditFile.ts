import { createHash } from 'node:crypto';
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { AuditError } from './AuditError.ts';
import type { AuditHead } from './AuditTypes.ts';
import { nextSegment, segmentPath } from './segments.ts';
import { verifyAuditFile } from './verifyAuditFile.ts';

const sync = promisify(fdatasync);

export interface OpenedAuditFile {
  file: AuditFile;
  head: AuditHead;
  /** What a crash had left of a line, which was taken away. */
  repaired?: { bytes: number; sha256: string };
}

/** Nobody but the server's own user. */
const MODE = 0o600;

/**
 * The file of a trail: appended to, never changed. When it has become long it is given a number and another one goes on. A line is handed to the operating system at once and forced to the disk
 * right after, several at a time. What cannot be written is kept and tried again with the next.
 */
export class AuditFile {
  readonly path: string;
  readonly #segmentBytes: number;
  #fd: number;
  #size: number;
  #unwritten: Buffer = Buffer.alloc(0);
  #dirty = false;
  #syncing: Promise<void> | undefined;
  #trouble: string | undefined;
  /** After a failed sync nobody knows what has reached the disk: that does not heal by itself. */
  #unsynced = false;
  #closed = false;

  private constructor(path: string, fd: number, size: number, segmentBytes: number) {
    this.path = path;
    this.#segmentBytes = segmentBytes;
    this.#fd = fd;
    this.#size = size;
  }

  /**
   * Opens a trail and follows its chain first, so that nothing is ever added to one that was changed.
   * @param segmentBytes a file that has so many is followed by another one
   * @throws AuditError when it was, or when it cannot be read or written
   */
  static async open(path: string, segmentBytes: number): Promise<OpenedAuditFile> {
    let fd: number;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      fd = openSync(path, 'a+', MODE);
    } catch (error) {
      throw new AuditError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code})`, { cause: error });
    }
    try {
      const { problem, torn, head } = await verifyAuditFile(path);
      if (problem) {
        throw new AuditError(
          `line ${problem.line} of ${problem.file} ${problem.message}; keep this file as it is and begin another one`,
        );
      }
      const repaired = torn && cutOff(fd, torn);
      return { file: new AuditFile(path, fd, fstatSync(fd).size, segmentBytes), head, ...(repaired && { repaired }) };
    } catch (error) {
      closeSync(fd);
      throw error instanceof AuditError
        ? error
        : new AuditError(`${path} is no audit trail: ${(error as Error).message}`, { cause: error });
    }
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  write(line: string): void {
    // A line is never in two files.
    const midLine = this.#unwritten.length > 0;
    this.#unwritten = Buffer.concat([this.#unwritten, Buffer.from(`${line}\n`)]);
    try {
      // Two servers with one file would each break the other's chain.
      if (fstatSync(this.#fd).size !== this.#size) throw new Error('another process has written to it');
      if (this.#size > 0 && this.#size >= this.#segmentBytes && !midLine) this.#beginAnother();
      while (this.#unwritten.length > 0) {
        const written = writeSync(this.#fd, this.#unwritten);
        this.#size += written;
        this.#unwritten = this.#unwritten.subarray(written);
      }
      this.#dirty = true;
      if (!this.#unsynced) this.#trouble = undefined;
      void this.synced().catch(() => undefined);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @throws AuditError when what was written cannot be brought to the disk */
  async synced(): Promise<void> {
    while (this.#dirty || this.#syncing) await (this.#syncing ??= this.#sync());
    if (this.#trouble !== undefined) throw new AuditError(this.#trouble);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.synced().catch(() => undefined);
    closeSync(this.#fd);
  }

  /** Gives the file its number, once it is on the disk, and begins the one that goes on. What fails is tried with the next line. */
  #beginAnother(): void {
    const full = this.#fd;
    const numbered = segmentPath(this.path, nextSegment(this.path));
    try {
      fdatasyncSync(full);
      renameSync(this.path, numbered);
    } catch {
      return;
    }
    try {
      this.#fd = openSync(this.path, 'ax+', MODE);
    } catch {
      renameSync(numbered, this.path);
      return;
    }
    this.#size = 0;
    this.#syncFolder();
    // A sync of the full one may be under way.
    void Promise.resolve(this.#syncing).finally(() => closeSync(full));
  }

  /** So that a loss of power leaves the names as they are now. */
  #syncFolder(): void {
    const folder = openSync(dirname(this.path), 'r');
    try {
      fsyncSync(folder);
    } catch {
      // Not every file system syncs folders.
    } finally {
      closeSync(folder);
    }
  }

  async #sync(): Promise<void> {
    this.#dirty = false;
    try {
      await sync(this.#fd);
    } catch (error) {
      this.#unsynced = true;
      this.#fail(error);
    } finally {
      this.#syncing = undefined;
    }
  }

  #fail(error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException;
    this.#trouble = `the audit trail ${this.path} cannot be written (${code ?? message})`;
  }
}

function cutOff(fd: number, { offset, bytes }: { offset: number; bytes: number }) {
  const rest = Buffer.alloc(bytes);
  readSync(fd, rest, 0, bytes, offset);
  ftruncateSync(fd, offset);
  return { bytes, sha256: createHash('sha256').update(rest).digest('hex') };
}
