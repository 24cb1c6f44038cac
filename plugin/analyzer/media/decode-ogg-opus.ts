import { OPUS_CLOCK_RATE } from '../rtp/index.ts';
import type { OpusHead } from './ogg/opus-head.ts';
import { readOpusPages, type OpusPage } from './ogg/opus-pages.ts';
import { splitOpusStreams } from './ogg/opus-streams.ts';
import { OggError } from './ogg/pages.ts';
import { createOpusDecoder, OPUS_SAMPLE_RATE, type OpusDecoder } from './opus.ts';

/** More is no utterance, and a few bytes may claim two minutes of silence. */
const MAX_MINUTES = 10;
const MAX_SAMPLES = MAX_MINUTES * 60 * OPUS_SAMPLE_RATE;
const TICKS_PER_SAMPLE = OPUS_CLOCK_RATE / OPUS_SAMPLE_RATE;

/**
 * Decodes a short Ogg Opus file as a whole, as `oggOpusPieces` does.
 *
 * @returns mono, 16 kHz, -1..1
 * @throws OggError where the file is damaged, holds no Opus or no sound, or lasts longer than ten minutes
 */
export async function decodeOggOpus(bytes: Uint8Array): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  let length = 0;
  for await (const part of oggOpusPieces(bytes)) {
    length += part.length;
    if (length > MAX_SAMPLES) throw new OggError(`lasts longer than ${MAX_MINUTES} minutes`);
    parts.push(part);
  }
  if (length === 0) throw new OggError('holds no sound');
  const pcm = new Float32Array(length);
  let at = 0;
  for (const part of parts) {
    pcm.set(part, at);
    at += part.length;
  }
  return pcm;
}

/**
 * Decodes an Ogg Opus file (RFC 7845) as a player would: without the encoder's delay and the padding of the last packet,
 * with the header's gain. Several channels are averaged, chained streams follow one another.
 *
 * @returns mono, 16 kHz, -1..1, piece by piece: each a copy
 * @throws OggError where the file is damaged or holds no Opus
 */
export async function* oggOpusPieces(bytes: Uint8Array): AsyncGenerator<Float32Array, void> {
  let stream: StreamDecoder | undefined;
  try {
    for (const page of readOpusPages(bytes)) {
      if (page.head !== stream?.head) {
        stream?.close();
        stream = await StreamDecoder.open(page.head);
      }
      yield* stream.decode(page);
    }
  } finally {
    stream?.close();
  }
}

/** How long an Ogg Opus file says that it is, ms; where streams are chained, all of them. */
export function oggOpusLengthMs(bytes: Uint8Array): number {
  let ticks = 0n;
  let ofStream = 0n;
  let head: OpusHead | undefined;
  for (const page of readOpusPages(bytes)) {
    if (page.head !== head) ticks += ofStream;
    head = page.head;
    if (page.granule >= 0n) ofStream = page.granule - BigInt(head.preSkip);
  }
  return Number(ticks + ofStream) / (OPUS_CLOCK_RATE / 1000);
}

/** Decodes one logical stream, which holds one coded stream or, with more than two channels, several. */
class StreamDecoder {
  readonly head: OpusHead;
  readonly #decoders: readonly OpusDecoder[];
  /** Samples that are still to be thrown away. */
  #skip: number;
  #packets = 0;
  /** Where the page before ended, in ticks of 48 kHz. */
  #granule = 0n;

  static async open(head: OpusHead): Promise<StreamDecoder> {
    return new StreamDecoder(head, await Promise.all(head.streamWeights.map(() => createOpusDecoder())));
  }

  private constructor(head: OpusHead, decoders: readonly OpusDecoder[]) {
    this.head = head;
    this.#decoders = decoders;
    this.#skip = Math.round(head.preSkip / TICKS_PER_SAMPLE);
  }

  /** What is to be heard of a page, in pieces. */
  *decode({ packets, granule, last }: OpusPage): Generator<Float32Array, void> {
    const sound = packets.map((packet) => this.#mix(packet));
    const samples = sound.reduce((sum, { length }) => sum + length, 0);
    let keep = samples;
    if (granule >= 0n) {
      // The last page may end before the sound of its last packets does.
      const surplus = Number(this.#granule - granule) / TICKS_PER_SAMPLE + samples;
      if (last) keep -= Math.min(samples, Math.max(0, Math.round(surplus)));
      this.#granule = granule;
    }
    for (const part of sound) {
      const skipped = Math.min(this.#skip, part.length);
      this.#skip -= skipped;
      const heard = part.subarray(skipped, Math.max(skipped, Math.min(part.length, keep)));
      keep -= part.length;
      if (heard.length > 0) yield heard;
    }
  }

  close(): void {
    for (const decoder of this.#decoders) decoder.close();
  }

  /** The mean of all channels. */
  #mix(packet: Uint8Array): Float32Array {
    const { streamWeights, gain } = this.head;
    const number = this.#packets++;
    const wrong = () => new OggError(`audio packet ${number} is no Opus packet`);
    const coded = splitOpusStreams(packet, streamWeights.length);
    if (coded === null) throw wrong();
    let mixed: Float32Array | undefined;
    for (const [i, part] of coded.entries()) {
      const pcm = this.#decoders[i]!.decode(part);
      if (pcm.length === 0 || (mixed && pcm.length !== mixed.length)) throw wrong();
      const factor = streamWeights[i]! * gain;
      mixed ??= new Float32Array(pcm.length);
      for (let at = 0; at < pcm.length; at++) mixed[at] = mixed[at]! + factor * pcm[at]!;
    }
    // With the gain it may go beyond full scale, where a player would clip it.
    return mixed!.map((sample) => Math.max(-1, Math.min(1, sample)));
  }
}
