import { open } from 'node:fs/promises';

/** Bytes that are read where they are needed, so that a long recording is never in memory as a whole. */
export interface ByteSource {
  readonly size: number;
  /** From `at` on, at most `length` bytes: fewer where the end comes first. */
  read(at: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (at, length) => bytes.subarray(at, at + length),
    close: async () => undefined,
  };
}

/** @throws Error of the file system, with its `code` */
export async function openBytes(path: string): Promise<ByteSource> {
  const file = await open(path);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw Object.assign(new Error('is no file'), { code: 'EISDIR' });
    return {
      size: stat.size,
      read: async (at, length) => {
        const wanted = Math.max(0, Math.min(length, stat.size - at));
        const bytes = new Uint8Array(wanted);
        let got = 0;
        while (got < wanted) {
          const { bytesRead } = await file.read(bytes, got, wanted - got, at + got);
          if (bytesRead === 0) break;
          got += bytesRead;
        }
        return bytes.subarray(0, got);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
