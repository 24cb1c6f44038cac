/** URL of a thread's or child's entry file beside `base`: TypeScript in a checkout, JavaScript in the package. */
export function entryUrl(name: string, base: string): URL {
  return new URL(`${name}${base.endsWith('.ts') ? '.ts' : '.js'}`, base);
}
