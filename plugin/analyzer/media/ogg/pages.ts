import { oggChecksum } from './checksum.ts';

const HEADER_BYTES = 27;
const CONTINUED = 0x01;
const FIRST = 0x02;
const LAST = 0x04;

/** A file that is no Ogg, or a damaged one; the message says what is wrong and where. */
export class OggError extends Error {
  override readonly name = 'OggError';
}

/** A page of an Ogg file (RFC 3533, 6). */
export interface OggPage {
  /** Place in the file, from 0. */
  readonly index: number;
  /** Byte at which it begins. */
  readonly offset: number;
  /** It begins with the rest of a packet of the page before it. */
  readonly continued: boolean;
  /** It begins a logical stream. */
  readonly first: boolean;
  /** It ends one. */
  readonly last: boolean;
  /** Where its last finished packet ends, in units of the codec; -1 where no packet ends in it. */
  readonly granule: bigint;
  /** Of the logical stream. */
  readonly serial: number;
  /** Place in the logical stream. */
  readonly sequence: number;
  /** Lengths of the segments; one below 255 ends a packet. */
  readonly lacing: Uint8Array;
  readonly body: Uint8Array;
}

/**
 * The pages of an Ogg file, each of which is whole and undamaged.
 *
 * @throws OggError at the first page that is not
 */
export function* readOggPages(bytes: Uint8Array): Generator<OggPage, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 0, index = 0; offset < bytes.length; index++) {
    const wrong = (problem: string) => new OggError(pageProblem({ index, offset }, problem));
    if (offset + HEADER_BYTES > bytes.length) throw wrong('has no whole header');
    if (view.getUint32(offset) !== 0x4f676753) throw wrong("does not begin with 'OggS'");
    if (bytes[offset + 4] !== 0) throw wrong(`is of version ${bytes[offset + 4]}; only 0 is known`);
    const flags = bytes[offset + 5]!;
    const segments = bytes[offset + 26]!;
    const bodyAt = offset + HEADER_BYTES + segments;
    if (bodyAt > bytes.length) throw wrong(`has no room for its table of ${segments} segments`);
    const lacing = bytes.subarray(offset + HEADER_BYTES, bodyAt);
    const end = bodyAt + lacing.reduce((sum, length) => sum + length, 0);
    if (end > bytes.length) throw wrong(`ends ${end - bytes.length} bytes after the file`);
    if (oggChecksum(bytes.subarray(offset, end)) !== view.getUint32(offset + 22, true)) {
      throw wrong('is damaged (checksum)');
    }
    yield {
      index,
      offset,
      continued: (flags & CONTINUED) !== 0,
      first: (flags & FIRST) !== 0,
      last: (flags & LAST) !== 0,
      granule: view.getBigInt64(offset + 6, true),
      serial: view.getUint32(offset + 14, true),
      sequence: view.getUint32(offset + 18, true),
      lacing,
      body: bytes.subarray(bodyAt, end),
    };
    offset = end;
  }
}

/** Names the page in a message. */
export function pageProblem({ index, offset }: Pick<OggPage, 'index' | 'offset'>, problem: string): string {
  return `page ${index} at byte ${offset} ${problem}`;
}
