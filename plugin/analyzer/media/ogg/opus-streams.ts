/** Reads on through a packet; gives up, once and for all, where it is too short. */
class Reader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.bytes[this.at++] ?? NaN;
  }

  /** A frame length of one or two bytes (RFC 6716, 3.2.1). */
  length(): number {
    const first = this.byte();
    return first < 252 ? first : first + 4 * this.byte();
  }
}

/**
 * Takes the packets of an Opus packet of several streams apart (RFC 7845, 3): all but the last one say how long they
 * are (RFC 6716, appendix B), and are given back as they would be alone.
 *
 * @returns as many packets as there are streams; null where the packet is malformed
 */
export function splitOpusStreams(packet: Uint8Array, streams: number): Uint8Array[] | null {
  const split: Uint8Array[] = [];
  let at = 0;
  for (let stream = 1; stream < streams; stream++) {
    const part = readSelfDelimited(packet, at);
    if (part === null) return null;
    split.push(part.packet);
    at = part.end;
  }
  split.push(packet.subarray(at));
  return split;
}

/** Null where the packet does not hold what its lengths say. */
function readSelfDelimited(bytes: Uint8Array, begin: number): { packet: Uint8Array; end: number } | null {
  const reader = new Reader(bytes, begin);
  const code = reader.byte() & 3;
  // What stands before the length that only this form has: the packet alone goes on behind it.
  let head = reader.at;
  let coded: number;
  let padding = 0;
  if (code < 2) {
    coded = reader.length() * (code + 1);
  } else if (code === 2) {
    const first = reader.length();
    head = reader.at;
    coded = first + reader.length();
  } else {
    const count = reader.byte();
    const frames = count & 0x3f;
    if ((count & 0x40) !== 0) {
      for (let more = 255; more === 255;) {
        more = reader.byte();
        padding += more === 255 ? 254 : more;
      }
    }
    coded = 0;
    const isVariable = (count & 0x80) !== 0;
    for (let frame = 1; isVariable && frame < frames; frame++) coded += reader.length();
    head = reader.at;
    coded += reader.length() * (isVariable ? 1 : frames);
    if (frames === 0) return null;
  }
  const end = reader.at + coded + padding;
  // Also where a length ran over the end and so is no number.
  if (!(end <= bytes.length)) return null;
  const packet = new Uint8Array(head - begin + (end - reader.at));
  packet.set(bytes.subarray(begin, head));
  packet.set(bytes.subarray(reader.at, end), head - begin);
  return { packet, end };
}
