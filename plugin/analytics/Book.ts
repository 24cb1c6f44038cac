import type { EmotionFinal, UndertoneEvent } from '../events/contract/v1/types.ts';
import { isBackChannel } from './back-channel-words.ts';
import { LabelSets, scoresOf, type AskedSet } from './LabelSets.ts';
import type { Interval } from './intervals.ts';

/** In the order in which results keep them. */
export const MODALITIES = ['text', 'audio', 'video'] as const;

/** What is kept of a final. */
export interface Result {
  revision: number;
  seq: number;
  set: AskedSet;
  /** In the places of `set`. */
  scores: number[];
  sentiment: number;
  dimensions: EmotionFinal['dimensions'];
  confidence: number;
  abstained: EmotionFinal['abstained'];
  modalities: { used: boolean; reason: string | undefined }[];
}

/** What is kept of an utterance; its words are looked at as they pass, and not kept. */
export interface Entry {
  participantId: string;
  utteranceId: string;
  /** When it began, by what tells of it first. */
  startMs: number;
  /** The span by its end, and by its result, which goes before. */
  ended: (Interval & { seq: number }) | undefined;
  resultSpan: Interval | undefined;
  result: Result | undefined;
  /** The last result that rests on no words. */
  wordless: Result | undefined;
  backChannelWords: boolean | undefined;
}

/** A million utterances are weeks of talk: more than that is no meeting. */
const MAX_UTTERANCES = 1_000_000;

/**
 * What the events of a meeting come to, utterance by utterance: the last revision of each, nothing of those that were taken
 * back. It does not matter in which order the events come, nor whether one comes twice.
 */
export class Book {
  /** By the id of the utterance. That two people have the same one does not happen, and would not matter. */
  readonly #entries = new Map<string, Entry[]>();
  #count = 0;
  readonly #retracted = new Set<string>();
  readonly #sets = new LabelSets();

  /** Whether anything was taken back. */
  get takenBack(): boolean {
    return this.#retracted.size > 0;
  }

  /** Utterances that stand. */
  *entries(): Generator<Entry> {
    for (const entries of this.#entries.values()) yield* entries;
  }

  /** @throws RangeError for more than a million utterances */
  add(event: UndertoneEvent): void {
    switch (event.type) {
      case 'utterance.start': {
        const entry = this.#entry(event);
        if (entry) entry.startMs = Math.min(entry.startMs, event.startMs);
        return;
      }
      case 'utterance.end': {
        const entry = this.#entry(event);
        if (entry && (entry.ended?.seq ?? -1) < event.seq) entry.ended = { ...event.span, seq: event.seq };
        return;
      }
      case 'emotion.final':
        return this.#addFinal(event);
      case 'emotion.retracted':
        return this.#takeBack(event.utteranceIds);
      default:
    }
  }

  #addFinal(event: EmotionFinal): void {
    const entry = this.#entry(event);
    if (!entry) return;
    const standing = isNewer(event, entry.result);
    const wordless = !event.modalities.text.used && isNewer(event, entry.wordless);
    if (!standing && !wordless) return;
    const result = this.#resultOf(event);
    if (wordless) entry.wordless = result;
    if (!standing) return;
    entry.result = result;
    entry.resultSpan = { startMs: event.span.startMs, endMs: event.span.endMs };
    entry.backChannelWords = isBackChannel(event.transcript?.text);
  }

  #resultOf(event: EmotionFinal): Result {
    const set = this.#sets.of(event.labelSet);
    const { revision, seq, sentiment, dimensions, confidence, abstained, modalities } = event;
    return {
      revision,
      seq,
      set,
      scores: scoresOf(set, event.labels),
      sentiment,
      dimensions: dimensions && { ...dimensions },
      confidence,
      abstained,
      modalities: MODALITIES.map((name) => ({ used: modalities[name].used, reason: modalities[name].reason })),
    };
  }

  #takeBack(ids: readonly string[]): void {
    for (const id of ids) {
      this.#retracted.add(id);
      this.#count -= this.#entries.get(id)?.length ?? 0;
      this.#entries.delete(id);
    }
  }

  #entry({ participantId, utteranceId }: { participantId: string; utteranceId: string }): Entry | undefined {
    if (this.#retracted.has(utteranceId)) return undefined;
    const namesakes = this.#entries.get(utteranceId) ?? [];
    const known = namesakes.find((entry) => entry.participantId === participantId);
    if (known) return known;
    if (this.#count >= MAX_UTTERANCES) {
      throw new RangeError(`a meeting has at most ${MAX_UTTERANCES.toLocaleString('en')} utterances`);
    }
    const entry: Entry = {
      participantId,
      utteranceId,
      startMs: Infinity,
      ended: undefined,
      resultSpan: undefined,
      result: undefined,
      wordless: undefined,
      backChannelWords: undefined,
    };
    this.#count += 1;
    namesakes.push(entry);
    this.#entries.set(utteranceId, namesakes);
    return entry;
  }
}

function isNewer({ revision, seq }: EmotionFinal, than: Result | undefined): boolean {
  if (!than) return true;
  return revision !== than.revision ? revision > than.revision : seq > than.seq;
}
