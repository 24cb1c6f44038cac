/** Whether words that come late and in any order end up in the utterance that they were spoken in. */
import type { EmotionFinal, EmotionObserver, TranscriptSegment } from '../../../plugin/index.ts';
import { holdCall } from './call.ts';
import { seededRandom } from '../../random.ts';
import type { Material, Word } from './recordings.ts';
import { writeScript } from './script.ts';
import { round } from '../shared/statistics.ts';
import type { Talker } from './talker.ts';

export interface WordRow {
  maxDelayMs: number;
  words: number;
  /** In the newest result of their utterance, and in no other. */
  right: number;
  rightPct: number;
  /** Results that lacked a word which had come well before them. */
  stale: number;
  finals: number;
  revisions: number;
}

export interface Words {
  wordsRightPct: number;
  rows: WordRow[];
}

const DELAYS_MS = [1400, 10_000];
const TALKERS_EACH = 2;
const PAUSE_MS = [900, 1600] as const;
const JITTER_MS = 30;
/** Words of a segment, at most. */
const SEGMENT_WORDS = 3;
/** How much later than its last word an interim segment comes. */
const INTERIM_MS = 150;
/** From a word's arrival to a result with it: words are gathered for a revision, up to this. */
const GATHER_MS = 3500;
const LAST_RESULTS_MS = Math.max(...DELAYS_MS) + 4000;

interface SpokenWord extends Word {
  participantId: string;
  line: number;
  /** Wall ms at which it was pushed as final. */
  toldMs: number;
}

export async function measureWords(material: Material, progress: (text: string) => void): Promise<Words> {
  const talkers = DELAYS_MS.flatMap((maxDelayMs, i) =>
    Array.from({ length: TALKERS_EACH }, (_, n) => ({
      participantId: `${maxDelayMs}-${n}`,
      script: writeScript(material, { seed: 900 + 10 * i + n, pauseMs: PAUSE_MS, leadMs: 1500 + 400 * n }),
      link: { loss: 0.02, jitterMs: JITTER_MS, seed: 950 + 10 * i + n },
    })),
  );
  const seconds = Math.round((Math.max(...talkers.map(({ script }) => script.durationMs)) + LAST_RESULTS_MS) / 1000);
  progress(`words: ${talkers.length} talkers, words late by up to ${DELAYS_MS.join(' and ')} ms: ${seconds} s`);
  const finals: EmotionFinal[] = [];
  const spoken: SpokenWord[] = [];
  await holdCall({
    talkers,
    text: true,
    begin: (observer, all) => {
      observer.on('emotion.final', (event) => finals.push(event));
      for (const talker of all) spoken.push(...tellLater(observer, talker));
    },
    lastResultsMs: LAST_RESULTS_MS,
  });
  const rows = DELAYS_MS.map((maxDelayMs) => {
    const mine = ({ participantId }: { participantId: string }) => participantId.startsWith(`${maxDelayMs}-`);
    return rowOf(maxDelayMs, spoken.filter(mine), finals.filter(mine));
  });
  const right = rows.reduce((sum, row) => sum + row.right, 0);
  return { wordsRightPct: (right / rows.reduce((sum, row) => sum + row.words, 0)) * 100, rows };
}

/** Plans the words of a script, by one to three a segment, each with a delay of its own. */
function tellLater(observer: EmotionObserver, talker: Talker): SpokenWord[] {
  const { participantId, script } = talker;
  const maxDelayMs = Number(participantId.split('-')[0]);
  const random = seededRandom(script.lines.length * 31 + maxDelayMs + Number(participantId.split('-')[1]));
  const spoken: SpokenWord[] = [];
  script.lines.forEach(({ words }, line) => {
    for (let from = 0; from < words.length;) {
      const some = words.slice(from, from + 1 + Math.floor(random() * SEGMENT_WORDS));
      const id = `${participantId}.${line}.${from}`;
      from += some.length;
      const delayMs = random() * maxDelayMs;
      // No two words are alike, so that each can be found again.
      const unique = some.map((word, i) => ({ ...word, text: `${id}.${i}` }));
      const own = unique.map((word) => ({ ...word, participantId, line, toldMs: Infinity }));
      spoken.push(...own);
      const tell = (final: boolean): void => {
        observer.pushTranscript(segmentOf(talker, id, unique, final));
        if (final) for (const word of own) word.toldMs = Date.now();
      };
      talker.mark(some.at(-1)!.endMs, () => {
        if (delayMs > 2 * INTERIM_MS && random() < 0.5) setTimeout(() => tell(false), INTERIM_MS);
        setTimeout(() => tell(true), delayMs);
      });
    }
  });
  return spoken;
}

function segmentOf(talker: Talker, segmentId: string, words: readonly Word[], final: boolean): TranscriptSegment {
  const timed = words.map(({ text, startMs, endMs }) => ({
    text,
    startMs: talker.wallMs(startMs),
    endMs: talker.wallMs(endMs),
  }));
  return {
    participantId: talker.participantId,
    segmentId,
    text: timed.map(({ text }) => text).join(' '),
    final,
    startMs: timed[0]!.startMs,
    endMs: timed.at(-1)!.endMs,
    clock: 'wall',
    words: timed,
  };
}

function rowOf(maxDelayMs: number, spoken: readonly SpokenWord[], finals: readonly EmotionFinal[]): WordRow {
  const newest = new Map<string, EmotionFinal>();
  for (const final of finals) {
    const known = newest.get(final.utteranceId);
    if (!known || final.revision > known.revision) newest.set(final.utteranceId, final);
  }
  const saidIn = (final: EmotionFinal): Set<string> => new Set(final.transcript?.text.split(' '));
  const holders = (text: string) => [...newest.values()].filter((final) => saidIn(final).has(text));
  const right = spoken.filter((word) => {
    const [holder, ...more] = holders(word.text);
    if (!holder || more.length > 0 || holder.participantId !== word.participantId) return false;
    // The words of a phrase belong together, whatever the utterance's exact span.
    return spoken.every(
      (other) =>
        other.participantId !== word.participantId || other.line === word.line || !saidIn(holder).has(other.text),
    );
  });
  const stale = finals.filter((final) => {
    const whole = saidIn(newest.get(final.utteranceId)!);
    const has = saidIn(final);
    return spoken.some(({ text, toldMs }) => whole.has(text) && !has.has(text) && toldMs < final.atMs - GATHER_MS);
  });
  return {
    maxDelayMs,
    words: spoken.length,
    right: right.length,
    rightPct: round((right.length / spoken.length) * 100),
    stale: stale.length,
    finals: newest.size,
    revisions: finals.length - newest.size,
  };
}
