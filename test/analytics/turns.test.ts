import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { meetingOf, of, reportOn, type Utterance } from './support.ts';

const say = (who: string, from: number, to: number, text?: string): Utterance => ({
  who,
  from,
  to,
  ...(text === undefined ? {} : { fields: { transcript: { text } } }),
});

async function interplay(...utterances: Utterance[]) {
  const report = await reportOn(meetingOf(utterances));
  return (who: string) => of(report, who).interplay!;
}

test('who begins while somebody else speaks, who then stops, interrupts', async () => {
  const who = await interplay(say('ada', 0, 5), say('bob', 4, 9));
  assert.deepEqual([who('bob').interruptionsMade, who('bob').interruptionsReceived], [1, 0]);
  assert.deepEqual([who('ada').interruptionsMade, who('ada').interruptionsReceived], [0, 1]);
});

test('a back-channel interrupts nobody, also when the other happens to stop: by its length, or by its words', async () => {
  for (const mhm of [say('bob', 4.5, 5.3), say('bob', 4.2, 5.9, 'Mhm, yeah.')]) {
    const who = await interplay(say('ada', 0, 5), mhm, say('ada', 5.5, 9));
    assert.equal(who('bob').interruptionsMade, 0);
    assert.equal(who('bob').backChannels, 1);
    assert.equal(who('bob').turns, 0);
    assert.equal(who('ada').turns, 1, 'she goes on in the same turn');
  }
  const words = await interplay(say('ada', 0, 5), say('bob', 4.2, 5.9, 'Yeah, but why?'));
  assert.equal(words('bob').interruptionsMade, 1, 'other words are none');
});

test('no interruption: the usual short overlap, the other speaking on, both beginning at once, an answer after a pause', async () => {
  for (const [name, ...utterances] of [
    ['short overlap', say('ada', 0, 5), say('bob', 4.8, 9)],
    ['speaks on longer', say('ada', 0, 12), say('bob', 4, 9)],
    ['both speak on for long', say('ada', 0, 9), say('bob', 4, 12)],
    ['at once', say('ada', 0, 2), say('bob', 0.3, 6)],
    ['answer', say('ada', 0, 5), say('bob', 5.2, 9)],
    ['in a pause', say('ada', 0, 5), say('bob', 5.4, 9), say('ada', 6, 7.2)],
  ] as const) {
    const who = await interplay(...utterances);
    assert.equal(who('ada').interruptionsMade + who('bob').interruptionsMade, 0, name);
  }
});

test('utterances with a short pause between them are one turn, unless another spoke in it', async () => {
  const who = await interplay(
    say('ada', 0, 3),
    say('ada', 4, 6),
    say('bob', 7, 10),
    say('ada', 10.2, 12),
    say('ada', 30, 32),
  );
  assert.equal(who('ada').turns, 3);
  assert.equal(who('ada').longestTurnMs, 6_000);
  const over = await interplay(say('ada', 0, 3), say('bob', 2.9, 4.2), say('ada', 4.3, 6));
  assert.equal(over('ada').turns, 2);
});

test('responses are timed from the end of the turn before: below 0 in overlap, not at all after a long pause or oneself', async () => {
  const who = await interplay(
    say('ada', 0, 5),
    say('bob', 5.4, 9),
    say('ada', 8.8, 12),
    say('ada', 20, 22),
    say('bob', 40, 42),
  );
  assert.deepEqual([who('bob').responses, who('bob').medianResponseMs], [1, 400]);
  assert.deepEqual([who('ada').responses, who('ada').medianResponseMs], [1, -200]);
});

test('time spoken at once is counted for each who spoke', async () => {
  const utterances = [say('ada', 0, 10), say('bob', 4, 6), say('cyd', 5, 12)];
  const report = await reportOn(meetingOf([...utterances, say('ada', 20, 21)]));
  const overlap = Object.fromEntries(report.participants.map((one) => [one.participantId, one.interplay!.overlapMs]));
  assert.deepEqual(overlap, { ada: 6_000, bob: 2_000, cyd: 5_000 });
  assert.deepEqual(report.speech, {
    people: 3,
    anyoneMs: 13_000,
    overlapMs: 6_000,
    silenceMs: 8_000,
    interruptions: 1, // cyd's, of bob
  });
});

test('interruptions made are as many as those received; overlap is never more than talk', async () => {
  const utterance = fc
    .record({
      who: fc.constantFrom('a', 'b', 'c', 'd'),
      from: fc.integer({ min: 0, max: 600 }),
      for: fc.integer({ min: 1, max: 120 }),
    })
    .map(({ who, from, for: length }) => say(who, from / 10, (from + length) / 10));
  await fc.assert(
    fc.asyncProperty(fc.array(utterance, { maxLength: 40 }), async (utterances) => {
      const { participants } = await reportOn(meetingOf(utterances));
      const total = (field: 'interruptionsMade' | 'interruptionsReceived') =>
        participants.reduce((sum, { interplay: theirs }) => sum + theirs![field], 0);
      assert.equal(total('interruptionsMade'), total('interruptionsReceived'));
      for (const { talk, interplay: theirs } of participants) assert.ok(theirs!.overlapMs <= talk.talkMs);
    }),
    { numRuns: 60 },
  );
});
