import fc from 'fast-check';

type Path = (string | number)[];

/** Where there is something to change, the whole included. */
function pathsOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...at, key]))];
}

function changed(value: unknown, [key, ...rest]: Path, change: (part: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  const part = changed(copy[key], rest, change);
  if (part === undefined) {
    if (Array.isArray(copy)) copy.splice(Number(key), 1);
    else delete copy[key];
  } else copy[key] = part;
  return copy;
}

const REPLACEMENTS = [
  undefined,
  null,
  true,
  false,
  '',
  'x',
  'x'.repeat(300),
  'emotion.final',
  'silence',
  0,
  -1,
  1,
  1.5,
  2 ** 53,
  -0.0001,
  1e300,
  [],
  {},
  [1],
  { a: 1 },
];

/** The value with one part of it removed or replaced by something that is often wrong there. */
export function mutations(value: unknown): fc.Arbitrary<unknown> {
  const paths = pathsOf(value).filter((path) => path.length > 0);
  return fc
    .tuple(fc.constantFrom(...paths), fc.constantFrom(...REPLACEMENTS))
    .map(([path, replacement]) => changed(value, path, () => replacement));
}
