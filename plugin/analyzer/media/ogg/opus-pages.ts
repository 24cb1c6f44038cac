import { isOpusHead, parseOpusHead, type OpusHead } from './opus-head.ts';
import { PacketAssembler } from './packets.ts';
import { OggError, pageProblem, readOggPages, type OggPage } from './pages.ts';

/** A page of sound. */
export interface OpusPage {
  /** Of its stream: another object says that another stream begins. */
  readonly head: OpusHead;
  /** The packets that end in it. */
  readonly packets: readonly Uint8Array[];
  /** Where the sound of the last of them ends, in samples at 48 kHz; -1 where none ends. */
  readonly granule: bigint;
  /** The stream ends with it. */
  readonly last: boolean;
}

/**
 * The sound of an Ogg Opus file (RFC 7845), page by page: one stream, or several one after the other (chained). Streams
 * that run beside the first Opus stream (a cover picture, a second language) are passed over.
 *
 * @throws OggError where the file is damaged, cut off, no Ogg, or holds no Opus
 */
export function* readOpusPages(bytes: Uint8Array): Generator<OpusPage, void> {
  let stream: OpusStream | undefined;
  let found = false;
  for (const page of readOggPages(bytes)) {
    if (page.first) {
      // All streams that run side by side begin before any of them goes on.
      if (stream && !stream.hasBegun) continue;
      stream?.end();
      stream = isOpusHead(page.body) ? new OpusStream(page) : undefined;
      found ||= stream !== undefined;
    } else if (stream && page.serial === stream.serial) {
      const sound = stream.take(page);
      if (sound) yield sound;
    }
  }
  if (!found) throw new OggError('holds no Opus stream');
  stream?.end();
}

/** One logical stream: its two headers, then its sound. */
class OpusStream {
  readonly serial: number;
  readonly #head: OpusHead;
  readonly #assembler = new PacketAssembler();
  #sequence: number;
  #hasTags = false;
  #ended = false;

  /** @param page the first of the stream */
  constructor(page: OggPage) {
    this.serial = page.serial;
    this.#sequence = page.sequence;
    this.#ended = page.last;
    const [head, ...more] = this.#assembler.take(page);
    if (!head || more.length > 0) throw new OggError(pageProblem(page, 'must hold the Opus header alone'));
    this.#head = parseOpusHead(head);
  }

  /** Whether it has got beyond its first page. */
  get hasBegun(): boolean {
    return this.#hasTags || this.#assembler.isInsidePacket;
  }

  /** The next page; undefined where it holds no sound. */
  take(page: OggPage): OpusPage | undefined {
    if (this.#ended) throw new OggError(pageProblem(page, 'follows the last page of its stream'));
    this.#sequence = (this.#sequence + 1) >>> 0;
    if (page.sequence !== this.#sequence) throw new OggError(pageProblem(page, 'follows a page that is missing'));
    this.#ended = page.last;
    const packets = this.#assembler.take(page);
    if (!this.#hasTags) {
      if (packets.length === 0) return undefined;
      if (packets.length > 1) throw new OggError(pageProblem(page, 'must hold the Opus comments alone'));
      this.#hasTags = true;
      return undefined;
    }
    return { head: this.#head, packets, granule: page.granule, last: page.last };
  }

  /** @throws OggError where something of the stream is missing */
  end(): void {
    if (!this.#hasTags || this.#assembler.isInsidePacket) {
      throw new OggError('is cut off: its last page is missing');
    }
  }
}
