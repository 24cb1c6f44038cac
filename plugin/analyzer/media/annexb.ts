/**
 * Splits a byte stream in Annex B form (ITU-T H.264) into NAL units, as views without start codes and without the zero
 * bytes that may follow a unit. Bytes before the first start code are ignored.
 */
export function splitAnnexB(stream: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  let begin = -1;
  let i = 0;
  while (i + 2 < stream.length) {
    const third = stream[i + 2] ?? 0;
    if (third > 1) {
      i += 3;
    } else if (third === 1 && stream[i] === 0 && stream[i + 1] === 0) {
      if (begin >= 0) pushTrimmed(units, stream, begin, i);
      i += 3;
      begin = i;
    } else {
      i++;
    }
  }
  if (begin >= 0) pushTrimmed(units, stream, begin, stream.length);
  return units;
}

function pushTrimmed(units: Uint8Array[], stream: Uint8Array, begin: number, end: number): void {
  while (end > begin && stream[end - 1] === 0) end--;
  if (end > begin) units.push(stream.subarray(begin, end));
}
