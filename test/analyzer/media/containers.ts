/** Just enough of IVF, Ogg and Annex B to take fixtures apart. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/media/${name}`, import.meta.url));
}

/** The access units of an .ivf or a .h264 file; the latter with access unit delimiters. */
export function readUnits(path: string): Uint8Array[] {
  const file = readFileSync(path);
  return path.endsWith('.ivf') ? readIvf(file) : readAnnexB(file);
}

function readIvf(file: Buffer): Uint8Array[] {
  const units: Uint8Array[] = [];
  for (let at = file.readUInt16LE(6); at + 12 <= file.length;) {
    const size = file.readUInt32LE(at);
    units.push(file.subarray(at + 12, at + 12 + size));
    at += 12 + size;
  }
  return units;
}

function readAnnexB(file: Buffer): Uint8Array[] {
  const delimiter = Buffer.from([0, 0, 0, 1, 9]);
  const units: Uint8Array[] = [];
  for (let begin = file.indexOf(delimiter); begin >= 0;) {
    const end = file.indexOf(delimiter, begin + delimiter.length);
    units.push(file.subarray(begin, end < 0 ? file.length : end));
    begin = end;
  }
  return units;
}

/** The audio packets of an Ogg Opus file (RFC 7845), without its two headers. */
export function readOpus(path: string): Uint8Array[] {
  const file = readFileSync(path);
  const packets: Buffer[] = [];
  let pieces: Buffer[] = [];
  for (let page = 0; page + 27 <= file.length;) {
    const segments = file[page + 26] ?? 0;
    let at = page + 27 + segments;
    for (let i = 0; i < segments; i++) {
      const length = file[page + 27 + i] ?? 0;
      pieces.push(file.subarray(at, at + length));
      at += length;
      if (length < 255) {
        packets.push(Buffer.concat(pieces));
        pieces = [];
      }
    }
    page = at;
  }
  return packets.slice(2);
}
