import { oggChecksum } from '../../plugin/analyzer/media/ogg/checksum.ts';

const SERIAL = 0x756e_6474;
export const FIRST_PAGE = 0x02;
export const LAST_PAGE = 0x04;
/** Two seconds a page keep the overhead below one percent. */
const PACKETS_PER_PAGE = 100;
const SAMPLES_PER_PACKET = 960;

/**
 * Writes mono Opus packets of 20 ms as an Ogg Opus file (RFC 7845).
 *
 * @param preSkip Samples at 48 kHz by which the encoder is late.
 */
export function writeOggOpus(packets: readonly Uint8Array[], preSkip: number): Buffer {
  const pages = [
    oggPage([opusHead(preSkip)], { granule: 0, sequence: 0, flags: FIRST_PAGE }),
    oggPage([opusTags()], { granule: 0, sequence: 1 }),
  ];
  for (let from = 0; from < packets.length; from += PACKETS_PER_PAGE) {
    const some = packets.slice(from, from + PACKETS_PER_PAGE);
    const until = from + some.length;
    const flags = until === packets.length ? LAST_PAGE : 0;
    pages.push(oggPage(some, { granule: until * SAMPLES_PER_PACKET, sequence: pages.length, flags }));
  }
  return Buffer.concat(pages);
}

export function opusHead(preSkip: number): Buffer {
  const bytes = Buffer.alloc(19);
  bytes.write('OpusHead', 'latin1');
  bytes[8] = 1;
  bytes[9] = 1;
  bytes.writeUInt16LE(preSkip, 10);
  bytes.writeUInt32LE(48_000, 12);
  return bytes;
}

export function opusTags(): Buffer {
  const vendor = Buffer.from('Undertone sample call');
  const bytes = Buffer.alloc(8 + 4 + vendor.length + 4);
  bytes.write('OpusTags', 'latin1');
  bytes.writeUInt32LE(vendor.length, 8);
  vendor.copy(bytes, 12);
  return bytes;
}

export interface PagePlace {
  /** Where the page's sound ends. */
  granule: number;
  /** Place in its stream. */
  sequence: number;
  /** Of the stream. */
  serial?: number;
  flags?: number;
}

/** A page of whole packets. */
export function oggPage(
  packets: readonly Uint8Array[],
  { granule, sequence, serial = SERIAL, flags = 0 }: PagePlace,
): Buffer {
  const lacing = packets.flatMap(({ length }) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255]);
  if (lacing.length > 255) throw new RangeError(`${lacing.length} segments do not fit a page; put fewer packets in`);
  const header = Buffer.alloc(27);
  header.write('OggS', 'latin1');
  header[5] = flags;
  header.writeBigInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(serial, 14);
  header.writeUInt32LE(sequence, 18);
  header[26] = lacing.length;
  const bytes = Buffer.concat([header, Buffer.from(lacing), ...packets]);
  bytes.writeUInt32LE(oggChecksum(bytes), 22);
  return bytes;
}
