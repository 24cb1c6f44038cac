import {
  OggError,
  PacketAssembler,
  pageProblem,
  readOggPages,
  type OggPage,
} from '../../plugin/analyzer/media/index.ts';
import { MediaFileError } from './MediaFileError.ts';

/**
 * The packets of an Ogg file with one logical stream (RFC 3533).
 *
 * @param name For messages.
 * @throws MediaFileError for a page that is cut off, damaged or missing, for a second stream, and for an unfinished packet
 */
export function readOggPackets(bytes: Uint8Array, name = 'the Ogg file'): Uint8Array[] {
  try {
    return packetsOfOneStream(bytes);
  } catch (error) {
    if (error instanceof OggError) throw new MediaFileError(name, error.message);
    throw error;
  }
}

function packetsOfOneStream(bytes: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  const assembler = new PacketAssembler();
  let before: OggPage | undefined;
  for (const page of readOggPages(bytes)) {
    const wrong = (problem: string) => new OggError(pageProblem(page, problem));
    if (before && page.serial !== before.serial) throw wrong('belongs to a second stream; only one is expected');
    if (page.sequence !== page.index) throw wrong('is out of order: a page before it is missing');
    if (page.first !== (page.index === 0)) throw wrong('must not be marked as first page, unless it is');
    if (before?.last) throw wrong('follows the last page');
    packets.push(...assembler.take(page));
    before = page;
  }
  if (!before) throw new OggError('is empty');
  if (assembler.isInsidePacket || !before.last) throw new OggError('is cut off: its last page is missing');
  return packets;
}
