import { readFileSync } from 'node:fs';
import type { EmotionFinal, UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { seededRandom } from '../../random.ts';

export interface MeetingShape {
  people: number;
  hours: number;
  /** How many speak at a time. */
  atOnce: number;
  seed: number;
}

const T0 = 1_790_000_000_000;
const NAMES = ['anger', 'disgust', 'fear', 'joy', 'neutral', 'sadness', 'surprise'];
const GOLDEN = new URL('../../../plugin/events/contract/v1/golden/emotion.final.json', import.meta.url);
/** Share of utterances whose words come late, and of those that are an "mhm". */
const LATE = 0.2;
const SHORT = 0.25;

/**
 * A meeting that goes on for hours: turns of a few utterances, back-channels, interim results, late words, moods that change. The
 * same shape gives the same events, made one by one.
 */
export function* meetingEvents({ people, hours, atOnce, seed }: MeetingShape): Generator<UndertoneEvent> {
  const random = seededRandom(seed);
  const template = JSON.parse(readFileSync(GOLDEN, 'utf8')) as EmotionFinal;
  const endMs = T0 + hours * 3_600_000;
  const floors = Array.from({ length: atOnce }, () => ({ atMs: T0 + random() * 5_000, who: 0, left: 0 }));
  let seq = 0;
  let utterance = 0;
  for (;;) {
    const floor = floors.reduce((first, one) => (one.atMs < first.atMs ? one : first));
    if (floor.atMs >= endMs) return;
    if (floor.left === 0) {
      floor.who = Math.floor(random() * people);
      floor.left = 1 + Math.floor(random() * 5);
    }
    floor.left -= 1;
    const lengthMs = 1_200 + 8_000 * random() ** 2;
    yield* spoken(floor.who, floor.atMs, lengthMs);
    if (random() < SHORT)
      yield* spoken(Math.floor(random() * people), floor.atMs + lengthMs * random(), 300 + 400 * random());
    floor.atMs += lengthMs + 900 * random() - 150;
  }

  function* spoken(who: number, startMs: number, lengthMs: number): Generator<UndertoneEvent> {
    utterance += 1;
    const about = { participantId: `participant-${who}`, utteranceId: `utterance-${utterance}` };
    const span = { startMs, endMs: startMs + lengthMs };
    const envelope = (atMs: number) => ({ v: 1 as const, eventId: `event-${++seq}`, roomId: 'long', atMs });
    const numbered = (atMs: number) => ({ ...envelope(atMs), seq });
    const result = () => ({ ...template, ...about, span, ...scores(who, (startMs - T0) / (endMs - T0)) });
    yield { ...numbered(startMs + 250), type: 'utterance.start', ...about, startMs, trigger: 'speech' };
    for (let atMs = startMs + 1_000; atMs < span.endMs; atMs += 1_000) {
      const { seq: _, ...rest } = result();
      yield { ...rest, ...envelope(atMs), type: 'emotion.interim' };
    }
    yield { ...numbered(span.endMs + 600), type: 'utterance.end', ...about, span, trigger: 'silence' };
    yield { ...result(), ...numbered(span.endMs + 700) };
    if (random() < LATE) yield { ...result(), ...numbered(span.endMs + 3_000), revision: 1 };
  }

  /** Each mood lasts for a part of the meeting. */
  function scores(who: number, progress: number) {
    const mood = (who + Math.floor(progress * (2 + (who % 3)))) % NAMES.length;
    const weights = NAMES.map((_, index) => random() + (index === mood ? 2 : 0));
    const sum = weights.reduce((a, b) => a + b);
    const labels = NAMES.map((name, index) => ({ name, p: weights[index]! / sum })).sort((a, b) => b.p - a.p);
    const sentiment = (mood - 3) / 2 + random() - 0.5;
    const confidence = labels[0]!.p;
    return { labels, sentiment, confidence, ...(confidence < 0.3 && { abstained: 'low-confidence' as const }) };
  }
}
