import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AlertEngine, type AlertBody } from '../../plugin/alerts/AlertEngine.ts';
import type { AlertRuleOptions } from '../../plugin/index.ts';
import { ruleOf, said, STEP_MS } from './support.ts';

interface Spoken {
  at: number;
  joy: number;
  revision: number;
  abstained: boolean;
}

const joy = fc.integer({ min: 0, max: 20 }).map((step) => step / 20);
const spoken = fc.record({
  at: fc.nat(11),
  joy,
  revision: fc.nat(2),
  abstained: fc.boolean(),
});
const rule = fc.record({
  above: fc.constantFrom(0.3, 0.5, 0.7),
  margin: fc.constantFrom(0, 0.1, 0.3),
  minResults: fc.integer({ min: 1, max: 4 }),
  minMs: fc.constantFrom(0, 15_000),
  maxGapMs: fc.constantFrom(15_000, 300_000),
  coolDownMs: fc.constantFrom(0, 40_000),
});

const finalOf = ({ at, joy, revision, abstained }: Spoken, atMs: number) =>
  said(at, joy, { revision, atMs, ...(abstained && { abstained: 'low-confidence' as const }) });

/** Each result comes a second after the one before. */
function play(options: Partial<AlertRuleOptions>, steps: readonly Spoken[]): (AlertBody & { atMs: number })[] {
  const engine = new AlertEngine([ruleOf(options)]);
  return steps.flatMap((step, index) => {
    const atMs = 200_000 + index * 1_000;
    return engine.final(finalOf(step, atMs)).map((body) => ({ ...body, atMs }));
  });
}

/** What stands in the end: of each utterance the first to come with its highest revision, in order of time. */
function standing(steps: readonly Spoken[]): Spoken[] {
  const best = new Map<number, Spoken>();
  for (const step of steps) if (step.revision > (best.get(step.at)?.revision ?? -1)) best.set(step.at, step);
  return [...best.values()].filter(({ abstained }) => !abstained).sort((a, b) => a.at - b.at);
}

/** Whether the rule is met, written the other way round: some number of newest results, checked one by one. */
function met(options: Required<Pick<AlertRuleOptions, 'above' | 'minResults' | 'minMs' | 'maxGapMs'>>, all: Spoken[]) {
  return all.some((_, from) => {
    const run = all.slice(from);
    const gaps = run.slice(1).map((next, index) => (next.at - run[index]!.at) * STEP_MS - 2_000);
    const lengthMs = (run.at(-1)!.at - run[0]!.at) * STEP_MS + 2_000;
    return (
      run.every((one) => one.joy >= options.above) &&
      gaps.every((gap) => gap <= options.maxGapMs) &&
      run.length >= options.minResults &&
      lengthMs >= options.minMs
    );
  });
}

describe('whatever results come, in whatever order', () => {
  const steps = fc.array(spoken, { minLength: 1, maxLength: 40 });

  test('an alert is raised, then ended, and not raised again before its quiet is over', () => {
    let raised = 0;
    fc.assert(
      fc.property(rule, steps, (options, steps) => {
        let open: string | undefined;
        let quietUntilMs = 0;
        for (const { state, alertId, atMs } of play(options, steps)) {
          if (state === 'raised') {
            raised += 1;
            assert.equal(open, undefined);
            assert.ok(atMs >= quietUntilMs);
            open = alertId;
          } else {
            assert.equal(alertId, open);
            open = undefined;
            quietUntilMs = atMs + options.coolDownMs;
          }
        }
      }),
      { numRuns: 1_000, seed: 20_261_128 },
    );
    assert.ok(raised > 100, `${raised} raised`);
  });

  test('without margin and quiet, it stands at the end exactly when the results that stand are what it asks for', () => {
    const seen = { open: 0, none: 0 };
    fc.assert(
      fc.property(rule, steps, (options, steps) => {
        const plain = { ...options, margin: 0, coolDownMs: 0 };
        const open = play(plain, steps).at(-1)?.state === 'raised';
        seen[open ? 'open' : 'none'] += 1;
        assert.equal(open, met(plain, standing(steps)));
      }),
      { numRuns: 1_000, seed: 20_261_128 },
    );
    assert.ok(seen.open > 100 && seen.none > 100, JSON.stringify(seen));
  });

  test('values that stay within the margin never end it', () => {
    fc.assert(
      fc.property(fc.array(joy, { minLength: 1, maxLength: 30 }), (values) => {
        const start = [0, 1, 2].map((at) => ({ at, joy: 0.8, revision: 0, abstained: false }));
        const then = values.map((value, index) => ({
          at: 3 + index,
          joy: 0.4 + value / 2,
          revision: 0,
          abstained: false,
        }));
        const told = play({ above: 0.7, margin: 0.3 }, [...start, ...then]);
        assert.deepEqual(
          told.map(({ state }) => state),
          ['raised'],
        );
      }),
    );
  });

  test('results that abstain change nothing, wherever they come', () => {
    fc.assert(
      fc.property(rule, steps, fc.array(fc.tuple(fc.nat(40), joy)), (options, steps, abstained) => {
        const counting = steps.map((step) => ({ ...step, abstained: false }));
        // Of utterances of their own, between the others in time.
        const others = abstained.map(([at, joy], index) => ({
          at: at + index / 1_000 + 0.5,
          joy,
          revision: 0,
          abstained: true,
        }));
        const engine = [new AlertEngine([ruleOf(options)]), new AlertEngine([ruleOf(options)])] as const;
        const brief = (bodies: readonly AlertBody[]) =>
          bodies.map(({ state, reason, results }) => ({ state, reason, results }));
        for (const [index, step] of counting.entries()) {
          const atMs = 200_000 + index * 1_000;
          const other = others[index];
          if (other) assert.deepEqual(engine[1].final(finalOf(other, atMs)), []);
          assert.deepEqual(brief(engine[1].final(finalOf(step, atMs))), brief(engine[0].final(finalOf(step, atMs))));
        }
      }),
    );
  });

  test('after a withdrawal nothing rests on what was before, and what is taken back was told', () => {
    fc.assert(
      fc.property(rule, steps, steps, (options, before, after) => {
        const engine = new AlertEngine([ruleOf({ ...options, coolDownMs: 0 })]);
        const told = before.flatMap((step, index) => engine.final(finalOf(step, 200_000 + index)));
        const all = before.map(({ at }) => `u${at}`);
        const back = engine.withdraw('ada', all);
        const raised = told.filter(({ state }) => state === 'raised').map(({ alertId }) => alertId);
        assert.deepEqual(back, raised);
        const later = after.flatMap((step, index) =>
          engine.final(finalOf({ ...step, at: step.at + 20 }, 300_000 + index)),
        );
        for (const { utteranceIds } of later) assert.ok(utteranceIds!.every((id) => !all.includes(id)));
      }),
    );
  });
});
