import { MediaFileError } from './MediaFileError.ts';
import { readOggPackets } from './ogg.ts';
import { opusDurationMs } from './opus-duration.ts';

export interface OpusFrame {
  /** When its sound begins, in ms from the start of the recording; the first is before 0 by the encoder's delay. */
  readonly timeMs: number;
  readonly durationMs: number;
  readonly packet: Uint8Array;
}

export interface OggOpusFile {
  readonly channels: number;
  readonly frames: readonly OpusFrame[];
}

const HEAD_BYTES = 19;
const SAMPLES_PER_MS = 48;

/**
 * Reads an Ogg Opus file (RFC 7845).
 *
 * @param name For messages.
 * @throws MediaFileError when the pages, the headers or a packet are malformed
 */
export function readOggOpus(bytes: Uint8Array, name = 'the Ogg Opus file'): OggOpusFile {
  const [head, tags, ...packets] = readOggPackets(bytes, name);
  if (!head || head.length < HEAD_BYTES || !startsWith(head, 'OpusHead')) {
    throw new MediaFileError(name, "has no identification header 'OpusHead': the stream is not Opus");
  }
  if (head[8]! >> 4 !== 0) throw new MediaFileError(name, `version ${head[8]} of Ogg Opus is unknown; 1 is expected`);
  const channels = head[9]!;
  if (channels < 1 || channels > 2) throw new MediaFileError(name, `has ${channels} channels; 1 or 2 are possible`);
  if (!tags || !startsWith(tags, 'OpusTags')) throw new MediaFileError(name, "has no comment header 'OpusTags'");

  const preSkip = head[10]! | (head[11]! << 8);
  let timeMs = -preSkip / SAMPLES_PER_MS;
  const frames = packets.map((packet, index): OpusFrame => {
    const durationMs = opusDurationMs(packet);
    if (durationMs === null) throw new MediaFileError(name, `audio packet ${index} is no Opus packet`);
    const frame = { timeMs, durationMs, packet };
    timeMs += durationMs;
    return frame;
  });
  return { channels, frames };
}

function startsWith(bytes: Uint8Array, magic: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, magic.length)).toString('latin1') === magic;
}
