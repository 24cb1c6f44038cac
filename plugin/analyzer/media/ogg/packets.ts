import { OggError, pageProblem, type OggPage } from './pages.ts';

/** Puts the packets of one logical stream together out of its pages. */
export class PacketAssembler {
  /** Of a packet that the next page goes on with. */
  #parts: Uint8Array[] = [];

  get isInsidePacket(): boolean {
    return this.#parts.length > 0;
  }

  /**
   * The packets that end in a page, which must be the next one of its stream.
   *
   * @throws OggError when the page does not go on where the page before it ended
   */
  take(page: OggPage): Uint8Array[] {
    if (page.continued !== this.isInsidePacket) {
      throw new OggError(pageProblem(page, 'does not go on where the page before it ended'));
    }
    const packets: Uint8Array[] = [];
    let at = 0;
    for (const length of page.lacing) {
      this.#parts.push(page.body.subarray(at, at + length));
      at += length;
      // A segment of 255 bytes says that the packet goes on.
      if (length === 255) continue;
      packets.push(this.#parts.length === 1 ? this.#parts[0]! : new Uint8Array(Buffer.concat(this.#parts)));
      this.#parts = [];
    }
    return packets;
  }
}
