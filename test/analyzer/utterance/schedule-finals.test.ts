import test from 'node:test';
import type { SchedulerLike } from 'rxjs';
import { scheduleFinals } from '../../../plugin/analyzer/utterance/schedule-finals.ts';
import type { AlignedEvent, ScheduledEvent } from '../../../plugin/analyzer/utterance/StageTypes.ts';
import { operatorContract } from './operator-contract.ts';
import { marbles, modality } from './support.ts';

const span = { startMs: 0, endMs: 1000 };

function text(said: string | null, awaitsWords: boolean, utteranceId = 'a'): AlignedEvent {
  const words = said === null ? null : { text: said, words: [{ text: said, ...span }], exact: true };
  return { kind: 'text', utteranceId, final: words, live: words, awaitsWords };
}

function close(awaitsWords: boolean, utteranceId = 'a'): AlignedEvent {
  return { kind: 'close', utteranceId, span, trigger: 'silence', awaitsWords };
}

const values: Record<string, ScheduledEvent> = {
  T: modality('text', true),
  N: modality('text', false, 'no-consent'),
  c: close(true),
  k: close(false),
  t: text('half', true),
  w: text('half of it', true),
  v: text('all of it', false),
  d: { kind: 'deliver', utteranceId: 'a' },
  f: { kind: 'forget', utteranceId: 'a' },
};

const schedule = (scheduler?: SchedulerLike) =>
  scheduleFinals({ transcriptGraceMs: 20, retainMs: 40, gatherMs: 5, scheduler });

operatorContract('scheduleFinals', () => schedule(), modality('video', true) as AlignedEvent);

function expectSchedule(input: string, output: string): void {
  marbles(({ cold, expectObservable }) => {
    const source = cold(input, values as Record<string, AlignedEvent>);
    expectObservable(source.pipe(schedule())).toBe(output, values);
  });
}

test('scheduleFinals delivers at once where text is not available', () => {
  expectSchedule('c------|', '(cd)---|');
});

test('scheduleFinals delivers at once where all words are there', () => {
  expectSchedule('T-k----|', 'T-(kd)-|');
});

test('scheduleFinals delivers when the last words are there', () => {
  expectSchedule('T-c-t-v----|', 'T-c-t-(vd)-|');
});

test('scheduleFinals waits no longer than the grace', () => {
  expectSchedule('T-c 30ms |', 'T-c 19ms d 10ms |');
});

test('scheduleFinals delivers once more for words that come later, together where they trickle in', () => {
  expectSchedule('T-k---t-w 20ms |', 'T-(kd)t-w 2ms d 17ms |');
});

test('scheduleFinals gathers words twice as long before each further revision, and leaves none out', () => {
  // For 5 ms at first, for 10 ms then.
  expectSchedule('T-k---t------w 20ms |', 'T-(kd)t 4ms d-w 9ms d 10ms |');
});

test('scheduleFinals delivers words that are being gathered before it forgets the utterance', () => {
  // 40 ms after the first result, where gathering would have taken until 43 ms after it.
  expectSchedule('T-k 37ms w 20ms |', 'T-(kd) 34ms w-(df) 15ms |');
});

test('scheduleFinals delivers nothing new for words that have not changed', () => {
  expectSchedule('T-t-k---t 20ms |', 'T-t-(kd)t 20ms |');
});

test('scheduleFinals forgets an utterance in the end, and its words with it', () => {
  expectSchedule('T-k 50ms v 10ms |', 'T-(kd) 36ms f 10ms v 10ms |');
});

test('scheduleFinals delivers what waits when the source ends', () => {
  expectSchedule('T-c--|', 'T-c--(d|)');
  expectSchedule('T-k---w-|', 'T-(kd)w-(d|)');
});

test('scheduleFinals delivers what waits when text is taken away, and revises nothing any more', () => {
  expectSchedule('T-c-N---|', 'T-c-(Nd)|');
  expectSchedule('T-k---w-N 10ms |', 'T-(kd)w-N 10ms |');
});

test('scheduleFinals waits no more for a source of words that has been silent three times, until it speaks again', () => {
  marbles(({ cold, expectObservable }) => {
    const ids: Record<string, AlignedEvent> = { T: modality('text', true), t: text('hello', true, '9') };
    const out: Record<string, ScheduledEvent> = { ...ids };
    ['p', 'q', 'r', 's', 'u'].forEach((mark, i) => {
      ids[mark] = out[mark] = close(true, String(i));
      out[mark.toUpperCase()] = { kind: 'deliver', utteranceId: String(i) };
    });
    const operator = scheduleFinals({ transcriptGraceMs: 4, retainMs: 1000 });
    expectObservable(cold('Tp----q----r----s----tu----|', ids).pipe(operator)).toBe(
      'Tp---Pq---Qr---R(sS)-tu---U|',
      out,
    );
  });
});

test('scheduleFinals stops its timers when it is unsubscribed', () => {
  marbles(({ cold, expectObservable }) => {
    const source = cold('T-c-----', values as Record<string, AlignedEvent>);
    expectObservable(source.pipe(schedule()), '------!').toBe('T-c----', values);
  });
});
