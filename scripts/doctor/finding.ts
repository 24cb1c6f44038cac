/** One thing that Undertone needs or can use, and how it stands on this machine. */
export interface Finding {
  name: string;
  /** Whether Undertone runs without it. */
  required: boolean;
  ok: boolean;
  /** What was found, or what is wrong. */
  detail: string;
  /** What to do where it is not ok. */
  advice?: string;
}

/** A finding of something that Undertone cannot do without. */
export function required(name: string, ok: boolean, detail: string, advice: string): Finding {
  return { name, required: true, ok, detail, ...(ok ? {} : { advice }) };
}

/** A finding of something that adds to what Undertone can do. */
export function optional(name: string, ok: boolean, detail: string, advice: string): Finding {
  return { name, required: false, ok, detail, ...(ok ? {} : { advice }) };
}
