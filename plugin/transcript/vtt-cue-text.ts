import { parseTimestamp } from './vtt-timestamp.ts';

/** A stretch of a cue's text spoken by one voice. */
export interface VoiceText {
  speaker?: string;
  /** Pieces between inline time stamps; `startMs` is undefined for what comes before the first. */
  pieces: { startMs?: number; text: string }[];
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  lrm: '\u200e',
  rlm: '\u200f',
};

const TOKEN = /<([^>]*)>?|[^<]+/g;
const MAX_CODE_POINT = 0x10ffff;

/**
 * Reads the text of a cue: voices, inline time stamps and entities; other tags are left out, their text stays.
 *
 * @see https://www.w3.org/TR/webvtt1/#webvtt-cue-text-parsing-rules
 */
export function parseCueText(payload: string): VoiceText[] {
  const voices: VoiceText[] = [{ pieces: [] }];
  for (const [token, tag] of payload.matchAll(TOKEN)) {
    const voice = voices.at(-1)!;
    if (tag === undefined) {
      const text = decodeEntities(token);
      const piece = voice.pieces.at(-1);
      if (piece) piece.text += text;
      else voice.pieces.push({ text });
      continue;
    }
    const startMs = parseTimestamp(tag.trim());
    const voiceTag = /^v(?:\.\S*)?(?:\s+(.*))?$/su.exec(tag);
    if (startMs !== undefined) voice.pieces.push({ startMs, text: '' });
    else if (voiceTag) voices.push({ speaker: decodeEntities(voiceTag[1] ?? '').trim() || undefined, pieces: [] });
    else if (/^\/v\s*$/u.test(tag)) voices.push({ pieces: [] });
  }
  return voices.filter(({ pieces }) => pieces.some(({ text }) => text.trim() !== ''));
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities[String(name)] ?? whole;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code > 0 && code <= MAX_CODE_POINT ? String.fromCodePoint(code) : whole;
  });
}
