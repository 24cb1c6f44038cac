import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AlertEngine, type AlertBody } from '../../plugin/alerts/AlertEngine.ts';
import { Alert } from '../../plugin/events/contract/v1/schema.ts';
import { meansOf, ruleOf, said, STEP_MS } from './support.ts';

const brief = (alerts: readonly AlertBody[]) => alerts.map(({ state, reason }) => reason ?? state);
/** What comes of these values, one utterance after the other. */
const say = (engine: AlertEngine, joys: readonly number[], from = 0) =>
  joys.map((joy, index) => brief(engine.final(said(from + index, joy))).join() || '-').join(' ');

describe('an alert', () => {
  test('is raised by so many results in a row, and ends when one is clearly less', () => {
    const engine = new AlertEngine([ruleOf()]);
    assert.equal(say(engine, [0.8, 0.8, 0.3, 0.8, 0.7, 0.9, 0.95, 0.2]), '- - - - - raised - eased');
  });

  test('does not flap about the threshold: it ends below the margin alone', () => {
    const engine = new AlertEngine([ruleOf({ coolDownMs: 0, margin: 0.1 })]);
    assert.equal(say(engine, [0.7, 0.7, 0.7, 0.65, 0.72, 0.61, 0.7, 0.59]), '- - raised - - - - eased');
  });

  test('holds what it rests on, in the contract’s form, and says what cues suggest', () => {
    const engine = new AlertEngine([ruleOf()]);
    say(engine, [0.1, 0.8, 0.8]);
    const [raised] = engine.final(said(3, 0.74));
    assert.deepEqual(raised!.utteranceIds, ['u1', 'u2', 'u3']);
    assert.deepEqual(raised!.span, { startMs: STEP_MS, endMs: 3 * STEP_MS + 2_000 });
    assert.equal(raised!.participantId, 'ada');
    assert.equal(
      raised!.message,
      'Expression cues suggest "joy" of 0.7 or more in 3 results in a row; the newest is 0.74.',
    );
    const [ended] = engine.final(said(4, 0.2));
    assert.equal(ended!.alertId, raised!.alertId);
    assert.match(ended!.message, /^Expression cues no longer suggest "joy"/);
    const envelope = { v: 1, type: 'alert', eventId: 'e', roomId: 'r', atMs: 1, seq: 1 };
    for (const body of [raised, ended])
      assert.deepEqual(Alert.parse({ ...envelope, ...body }), { ...envelope, ...body });
  });

  test('waits for the time that it asks for, from first to last', () => {
    const engine = new AlertEngine([ruleOf({ minResults: 1, minMs: 32_000 })]);
    assert.equal(say(engine, [0.8, 0.8, 0.8, 0.8, 0.8]), '- - - raised -');
  });

  test('looks below a threshold, and at sentiment and dimensions where there are some', () => {
    const engine = new AlertEngine([
      ruleOf({ id: 'low', measure: 'sentiment', label: undefined, above: undefined, below: -1, minResults: 1 }),
      ruleOf({ id: 'high', measure: 'arousal', label: undefined, above: 0.8, minResults: 1 }),
    ]);
    const raisedBy = (fields: object, at: number) => engine.final(said(at, 0.5, fields)).map(({ rule }) => rule.id);
    assert.deepEqual(raisedBy({ sentiment: -0.9 }, 0), []);
    assert.deepEqual(raisedBy({ sentiment: -1 }, 1), ['low']);
    assert.deepEqual(raisedBy({ sentiment: -2, dimensions: { arousal: 0.9 } }, 2), ['high']);
  });

  test('rests on nothing that abstained', () => {
    const engine = new AlertEngine([ruleOf()]);
    say(engine, [0.8, 0.8]);
    assert.deepEqual(engine.final(said(2, 0.9, { abstained: 'low-confidence' })), []);
    assert.deepEqual(brief(engine.final(said(3, 0.8))), ['raised']);
    assert.deepEqual(engine.final(said(4, 0.1, { abstained: 'no-modality' })), [], 'and is not ended by it either');
  });

  test('is one participant’s alone', () => {
    const engine = new AlertEngine([ruleOf()]);
    for (const participantId of ['ada', 'grace', 'mary']) {
      assert.deepEqual(engine.final(said(1, 0.9, { participantId, utteranceId: participantId })), []);
    }
  });

  test('does not come again before its quiet is over', () => {
    const engine = new AlertEngine([ruleOf({ minResults: 1, coolDownMs: 35_000 })]);
    assert.equal(say(engine, [0.8, 0.1, 0.8, 0.8, 0.8, 0.8]), 'raised eased - - - raised');
  });

  test('takes results by their times, whenever they come', () => {
    const engine = new AlertEngine([ruleOf()]);
    say(engine, [0.8, 0.8]);
    assert.deepEqual(brief(engine.final(said(3, 0.1))), []);
    assert.deepEqual(brief(engine.final(said(2, 0.8))), [], 'three in a row, but the newest says otherwise');
  });

  test('follows revisions: raised by one, ended by one, and each utterance counts once', () => {
    const engine = new AlertEngine([ruleOf()]);
    say(engine, [0.8, 0.3, 0.8]);
    assert.deepEqual(brief(engine.final(said(1, 0.8, { revision: 1 }))), ['raised']);
    assert.deepEqual(brief(engine.final(said(1, 0.1, { revision: 0 }))), [], 'an older one comes late');
    assert.deepEqual(brief(engine.final(said(2, 0.9, { revision: 1 }))), []);
    assert.deepEqual(brief(engine.final(said(0, 0.1, { revision: 1 }))), ['revised']);
  });

  test('ends by a revision that abstains', () => {
    const engine = new AlertEngine([ruleOf()]);
    say(engine, [0.8, 0.8, 0.8]);
    assert.deepEqual(brief(engine.final(said(1, 0.9, { revision: 1, abstained: 'low-confidence' }))), ['revised']);
  });

  test('is of one label set: other labels are another question', () => {
    const engine = new AlertEngine([ruleOf()]);
    say(engine, [0.8, 0.8]);
    const labelSet = { id: 'custom', hash: '0123456789abcdef', kind: 'single' as const };
    assert.deepEqual(engine.final(said(2, 0.8, { labelSet })), []);
    assert.deepEqual(engine.final(said(3, 0.8, { labelSet })), []);
    assert.deepEqual(brief(engine.final(said(4, 0.8, { labelSet }))), ['raised']);
  });

  test('rests on no results that are far apart, and ends when none comes', () => {
    const engine = new AlertEngine([ruleOf({ maxGapMs: 60_000 })]);
    say(engine, [0.8, 0.8]);
    assert.equal(engine.nextMs, undefined);
    assert.equal(say(engine, [0.8, 0.8, 0.8], 20), '- - raised');
    const dueMs = 22 * STEP_MS + 2_000 + 60_000;
    assert.equal(engine.nextMs, dueMs);
    assert.deepEqual(engine.tick(dueMs - 1), []);
    assert.deepEqual(brief(engine.tick(dueMs)), ['silent']);
    assert.equal(engine.nextMs, undefined);
  });

  test('ends when the participant leaves; its quiet outlasts the visit', () => {
    const engine = new AlertEngine([ruleOf({ minResults: 1, coolDownMs: 25_000 })]);
    say(engine, [0.8]);
    assert.deepEqual(brief(engine.leave('ada', 5_000)), ['left']);
    assert.equal(say(engine, [0.8, 0.8, 0.8], 1), '- - raised');
  });

  test('about means is about nobody, and looks at nothing else', () => {
    const engine = new AlertEngine([ruleOf({ about: 'aggregate', minResults: 2 })]);
    for (let at = 0; at < 4; at++) assert.deepEqual(engine.final(said(at, 0.9)), []);
    assert.deepEqual(engine.aggregate(meansOf(0, 0.8)), []);
    const [raised] = engine.aggregate(meansOf(1, 0.8));
    assert.equal(raised!.participantId, undefined);
    assert.equal(raised!.utteranceIds, undefined);
    assert.match(raised!.message, /over the room/);
    assert.deepEqual(brief(engine.aggregate(meansOf(2, 0.1))), ['eased']);
  });
});

describe('a withdrawal', () => {
  test('takes back what is open and what rests on it, and begins anew', () => {
    const engine = new AlertEngine([ruleOf({ coolDownMs: 0 })]);
    const ids: string[] = [];
    for (const [at, joy] of [0.8, 0.8, 0.8, 0.1, 0.8, 0.8, 0.8].entries()) {
      for (const { alertId, state } of engine.final(said(at, joy))) if (state === 'raised') ids.push(alertId);
    }
    assert.equal(ids.length, 2);
    assert.deepEqual(engine.withdraw('ada', ['u1']), ids);
    assert.equal(engine.nextMs, undefined);
    assert.deepEqual(engine.withdraw('ada', ['u1', 'u5']), [], 'once');
    assert.equal(say(engine, [0.8, 0.8, 0.8], 7), '- - raised');
  });

  test('leaves alone what rests on other utterances, and other people', () => {
    const engine = new AlertEngine([ruleOf({ coolDownMs: 0, minResults: 1 })]);
    say(engine, [0.8, 0.1, 0.8, 0.1]);
    engine.final(said(4, 0.9, { participantId: 'grace', utteranceId: 'g' }));
    assert.equal(engine.withdraw('ada', ['u2']).length, 1);
    assert.notEqual(engine.nextMs, undefined);
  });

  test('lets means from before count no more, without telling that somebody withdrew', () => {
    const engine = new AlertEngine([ruleOf({ about: 'aggregate', minResults: 2 })]);
    engine.aggregate(meansOf(0, 0.8));
    assert.deepEqual(engine.withdraw('ada', []), []);
    assert.deepEqual(engine.aggregate(meansOf(1, 0.8)), []);
    assert.deepEqual(brief(engine.aggregate(meansOf(2, 0.8))), ['raised']);
  });
});
