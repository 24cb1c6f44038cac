import { MediaFileError } from './MediaFileError.ts';
import { oggChecksum } from './ogg-checksum.ts';

const PAGE_HEADER_BYTES = 27;
const FIRST_PAGE = 0x02;
const LAST_PAGE = 0x04;
const CONTINUED = 0x01;

/**
 * The packets of an Ogg file with one logical stream (RFC 3533).
 *
 * @param name For messages.
 * @throws MediaFileError for a page that is cut off, damaged or missing, for a second stream, and for an unfinished packet
 */
export function readOggPackets(bytes: Uint8Array, name = 'the Ogg file'): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packets: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  let serial: number | undefined;
  let pages = 0;
  let ended = false;

  for (let offset = 0; offset < bytes.length; pages += 1) {
    const fail = (problem: string): never => {
      throw new MediaFileError(name, `page ${pages} at byte ${offset} ${problem}`);
    };
    if (offset + PAGE_HEADER_BYTES > bytes.length) fail('has no whole header');
    if (view.getUint32(offset) !== 0x4f676753) fail("does not begin with 'OggS'");
    if (bytes[offset + 4] !== 0) fail(`is of version ${bytes[offset + 4]}; only 0 is known`);
    const flags = bytes[offset + 5]!;
    const segments = bytes[offset + 26]!;
    const bodyAt = offset + PAGE_HEADER_BYTES + segments;
    if (bodyAt > bytes.length) fail(`has no room for its table of ${segments} segments`);
    const lacing = bytes.subarray(offset + PAGE_HEADER_BYTES, bodyAt);
    const end = bodyAt + lacing.reduce((sum, length) => sum + length, 0);
    if (end > bytes.length) fail(`ends ${end - bytes.length} bytes after the file`);
    if (oggChecksum(bytes.subarray(offset, end)) !== view.getUint32(offset + 22, true)) fail('is damaged (checksum)');

    const pageSerial = view.getUint32(offset + 14, true);
    serial ??= pageSerial;
    if (pageSerial !== serial) fail('belongs to a second stream; only one is expected');
    if (view.getUint32(offset + 18, true) !== pages) fail('is out of order: a page before it is missing');
    if (((flags & FIRST_PAGE) !== 0) !== (pages === 0)) fail('must not be marked as first page, unless it is');
    if (((flags & CONTINUED) !== 0) !== parts.length > 0) fail('does not go on where the page before it ended');
    if (ended) fail('follows the last page');
    ended = (flags & LAST_PAGE) !== 0;

    let at = bodyAt;
    for (const length of lacing) {
      parts.push(bytes.subarray(at, at + length));
      at += length;
      // A segment of 255 bytes says that the packet goes on.
      if (length < 255) {
        packets.push(parts.length === 1 ? parts[0]! : concat(parts));
        parts = [];
      }
    }
    offset = end;
  }
  if (pages === 0) throw new MediaFileError(name, 'is empty');
  if (parts.length > 0 || !ended) throw new MediaFileError(name, 'is cut off: its last page is missing');
  return packets;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
