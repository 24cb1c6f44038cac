import { Encoder } from '@evan/opus';
import { FIRST_PAGE, LAST_PAGE, oggPage, opusHead, opusTags, writeOggOpus } from '../../scripts/sample/ogg-writer.ts';

const RATE = 48_000;
const FRAME = RATE / 50;
/** What libopus looks ahead, in samples. */
export const PRE_SKIP = 312;

export interface OpusStreamOptions {
  /** Place among the streams of the file. */
  serial?: number;
  head?: Buffer;
  /** Samples at 48 kHz that the last page says it ends before its packets do. */
  cut?: number;
  /** Packets of the last page. */
  lastPage?: number;
}

/** Packets of 20 ms that hold the sound, 48 kHz and interleaved, and what the encoder is late by. */
export function encodeOpus(samples: Float32Array, channels: 1 | 2 = 1): Uint8Array[] {
  const encoder = new Encoder({ channels, sample_rate: RATE, application: 'audio' });
  encoder.bitrate = 96_000;
  const perFrame = FRAME * channels;
  const packets: Uint8Array[] = [];
  for (let from = 0; from < samples.length + PRE_SKIP * channels; from += perFrame) {
    const frame = Int16Array.from({ length: perFrame }, (_, i) => Math.round((samples[from + i] ?? 0) * 32_767));
    packets.push(encoder.encode(frame).slice());
  }
  return packets;
}

/** A mono Ogg Opus file of sound at 48 kHz, as the project's own writer makes it. */
export function opusFile(samples: Float32Array): Buffer {
  return writeOggOpus(encodeOpus(samples), PRE_SKIP);
}

/** The pages of one logical stream, the last of which ends it. */
export function opusPages(
  packets: readonly Uint8Array[],
  { serial = 1, head = opusHead(PRE_SKIP), cut = 0, lastPage = 10 }: OpusStreamOptions = {},
): Buffer[] {
  const early = packets.slice(0, -lastPage);
  return [
    oggPage([head], { granule: 0, sequence: 0, serial, flags: FIRST_PAGE }),
    oggPage([opusTags()], { granule: 0, sequence: 1, serial }),
    ...(early.length > 0 ? [oggPage(early, { granule: early.length * FRAME, sequence: 2, serial })] : []),
    oggPage(packets.slice(-lastPage), {
      granule: packets.length * FRAME - cut,
      sequence: early.length > 0 ? 3 : 2,
      serial,
      flags: LAST_PAGE,
    }),
  ];
}

/** A header for several channels (RFC 7845, 5.1.1). */
export function mappedHead(
  channels: number,
  { streams, coupled, mapping, family = 1 }: { streams: number; coupled: number; mapping: number[]; family?: number },
): Buffer {
  const head = Buffer.concat([opusHead(PRE_SKIP), Buffer.from([streams, coupled, ...mapping])]);
  head[9] = channels;
  head[18] = family;
  return head;
}

/** A packet of one frame as all but the last of several streams have it: it says how long it is (RFC 6716, B). */
export function selfDelimited(packet: Uint8Array): Buffer {
  const length = packet.length - 1;
  const coded = length < 252 ? [length] : [252 + (length & 3), (length - 252 - (length & 3)) >> 2];
  return Buffer.from([packet[0]!, ...coded, ...packet.subarray(1)]);
}
