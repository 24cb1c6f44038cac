/**
 * Letters of the scripts that labels are written in, where every edition of XML 1.0 allows them in a token: validators
 * differ about the rest.
 */
const SAFE =
  'A-Za-z0-9._' +
  '\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e' +
  '\u038e-\u03a1\u03a3-\u03ce\u040e-\u044f\u0451-\u045c\u05d0-\u05ea\u0621-\u063a\u0641-\u064a' +
  '\u3041-\u3094\u30a1-\u30fa\u4e00-\u9fa5\uac00-\ud7a3';
const UNSAFE = new RegExp(`[^${SAFE}-]+`, 'gu');

/** A name as an `xs:NMTOKEN`, which has no spaces: `not sure` becomes `not_sure`. */
export function tokenOf(name: string): string {
  return name.normalize('NFC').trim().replaceAll(UNSAFE, '_') || '_';
}

/** A token for each name, no two the same. */
export function tokensOf(names: readonly string[]): Map<string, string> {
  const used = new Set<string>();
  return new Map(
    names.map((name) => {
      const wanted = tokenOf(name);
      let token = wanted;
      for (let count = 2; used.has(token); count += 1) token = `${wanted}_${count}`;
      used.add(token);
      return [name, token];
    }),
  );
}
