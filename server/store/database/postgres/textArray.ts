/** Number of the type `text` (pg_type.dat). */
const TEXT = 25;
const HEAD_BYTES = 20;

/**
 * An array of texts as PostgreSQL sends and takes it in binary (array_recv in src/backend/utils/adt/arrayfuncs.c): no character has
 * to be escaped here and read one by one there.
 */
export function textArray(texts: readonly (string | null)[]): Buffer {
  const bytes = texts.reduce((sum, text) => sum + 4 + (text === null ? 0 : Buffer.byteLength(text)), HEAD_BYTES);
  const array = Buffer.allocUnsafe(bytes);
  // Dimensions, whether there are nulls, type; length and first index of the one dimension.
  let at = 0;
  for (const number of [1, texts.includes(null) ? 1 : 0, TEXT, texts.length, 1]) at = array.writeInt32BE(number, at);
  for (const text of texts) {
    if (text === null) at = array.writeInt32BE(-1, at);
    else {
      const length = array.write(text, at + 4);
      array.writeInt32BE(length, at);
      at += 4 + length;
    }
  }
  return array;
}
