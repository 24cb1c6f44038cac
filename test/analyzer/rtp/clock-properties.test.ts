import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';

import { RtpClock, SenderClock } from '../../../plugin/analyzer/rtp/index.ts';
import { SimulatedStream } from './simulated-stream.ts';
import type { StreamTraits } from './simulated-stream.ts';

const AUDIO = { clockRate: 48_000, packetMs: 20, delayMs: 25 };
const VIDEO = { clockRate: 90_000, packetMs: 1000 / 30, delayMs: 25 };
/** Time after which a trouble must have been overcome. */
const RECOVERY_MS = 8000;
/** A sender clock set back by so little that it looks like waiting is followed when the least delay is forgotten. */
const CLOCK_RECOVERY_MS = 25_000;

const timestamp = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** What differs from stream to stream, over all that a network and a crystal do. */
const traits = fc.record({
  firstTimestamp: timestamp,
  driftPpm: fc.integer({ min: -300, max: 300 }),
  delayMs: fc.integer({ min: 0, max: 300 }),
  jitterMs: fc.integer({ min: 0, max: 150 }),
  ntpOffsetMs: fc.integer({ min: -1e9, max: 1e9 }),
  firstReportMs: fc.integer({ min: 0, max: 4000 }),
  reportEveryMs: fc.integer({ min: 500, max: 5000 }),
  loss: fc.double({ min: 0, max: 0.3, noNaN: true }),
  reportLoss: fc.double({ min: 0, max: 0.7, noNaN: true }),
  seed: fc.integer(),
});

type Trouble =
  | { kind: 'pause' | 'standstill'; ms: number }
  | { kind: 'timestamps'; ms: number }
  | { kind: 'sender-clock'; ms: number }
  | { kind: 'replaced'; timestamp: number }
  | { kind: 'no-reports'; ms: number };

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('pause' as const, 'standstill' as const),
    ms: fc.integer({ min: 1000, max: 30_000 }),
  }),
  fc.record({
    kind: fc.constant('timestamps' as const),
    ms: fc.oneof(fc.integer({ min: -1e7, max: -5000 }), fc.integer({ min: 5000, max: 1e7 })),
  }),
  fc.record({ kind: fc.constant('sender-clock' as const), ms: fc.integer({ min: -4e6, max: 4e6 }) }),
  fc.record({ kind: fc.constant('replaced' as const), timestamp }),
  fc.record({ kind: fc.constant('no-reports' as const), ms: fc.integer({ min: 1000, max: 90_000 }) }),
);

function stream(streamTraits: StreamTraits, senderClock?: SenderClock): { clock: RtpClock; sender: SimulatedStream } {
  const clock = new RtpClock({ clockRate: streamTraits.clockRate, senderClock });
  return { clock, sender: new SimulatedStream(clock, streamTraits) };
}

/** Lets a trouble befall a stream at a time; gives the time at which it is over. */
function befall({ clock, sender }: ReturnType<typeof stream>, what: Trouble, atMs: number): number {
  switch (what.kind) {
    case 'pause':
      sender.pauseTo(atMs + what.ms);
      return atMs + what.ms;
    case 'standstill':
      sender.standStillTo(atMs + what.ms);
      return atMs + what.ms;
    case 'timestamps':
      sender.timestampShift += Math.round(what.ms * 48);
      return atMs;
    case 'sender-clock':
      sender.ntpShiftMs += what.ms;
      return atMs;
    case 'replaced':
      clock.reset();
      sender.timestampShift += what.timestamp;
      return atMs;
    case 'no-reports':
      sender.holdReportsTo(atMs + what.ms);
      return atMs + what.ms;
  }
}

function near(actual: number, expected: number, toleranceMs: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= toleranceMs,
    `${what}: ${actual.toFixed(2)} ms is not within ${toleranceMs} ms of ${expected.toFixed(2)} ms`,
  );
}

describe('RtpClock under anything', () => {
  it('never runs backwards and ends within jitter of the truth, over wrap, drift, delay, jitter and lost reports', () => {
    fc.assert(
      fc.property(traits, (drawn) => {
        const { clock, sender } = stream({ ...AUDIO, ...drawn });
        let last = Number.NEGATIVE_INFINITY;
        sender.runTo(30_000, (atMs, at) => {
          const told = clock.toWallMs(at);
          assert.ok(told >= last, `${told} after ${last}`);
          last = told;
          if (atMs > 8000) near(sender.toldMs(atMs), atMs + drawn.delayMs, drawn.jitterMs + 8, `at ${atMs}`);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('never runs backwards whatever befalls the stream, and finds back to the truth every time', () => {
    fc.assert(
      fc.property(traits, fc.array(trouble, { minLength: 1, maxLength: 5 }), (drawn, troubles) => {
        // The network as a call may have it; the property is about what befalls the sender.
        const jitterMs = drawn.jitterMs % 40;
        const subject = stream({ ...AUDIO, ...drawn, jitterMs, loss: drawn.loss / 3, reportLoss: 0 });
        const { clock, sender } = subject;
        let last = Number.NEGATIVE_INFINITY;
        const each = (_atMs: number, at: number) => {
          const told = clock.toWallMs(at);
          assert.ok(told >= last, `${told} after ${last}`);
          last = told;
        };
        let atMs = 8000;
        sender.runTo(atMs, each);
        for (const what of troubles) {
          const startedMs = atMs;
          const overMs = befall(subject, what, startedMs);
          atMs = overMs + (what.kind === 'sender-clock' ? CLOCK_RECOVERY_MS : RECOVERY_MS) + 2 * drawn.reportEveryMs;
          sender.runTo(atMs, each);
          // Without reports nothing tells of drift that was not yet known.
          const unseenMs = (overMs - startedMs) * Math.abs(drawn.driftPpm) * 1e-6;
          const toleranceMs = jitterMs + 8 + unseenMs;
          near(sender.toldMs(atMs), atMs + drawn.delayMs, toleranceMs, `after ${JSON.stringify(what)}`);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('brings audio and video within 5 ms after the first reports, whatever their timestamps, drift and delays', () => {
    fc.assert(
      fc.property(traits, traits, (ofAudio, ofVideo) => {
        const shared = new SenderClock();
        const same = { ntpOffsetMs: ofAudio.ntpOffsetMs, reportDelayMs: 25, reportEveryMs: 1000, firstReportMs: 700 };
        const limits = (drawn: typeof ofAudio) => ({
          driftPpm: drawn.driftPpm % 200,
          delayMs: drawn.delayMs,
          jitterMs: drawn.jitterMs % 30,
          loss: drawn.loss / 3,
        });
        const audio = stream({ ...AUDIO, ...ofAudio, ...same, ...limits(ofAudio) }, shared);
        const video = stream({ ...VIDEO, ...ofVideo, ...same, ...limits(ofVideo) }, shared);
        let reportedMs = Number.POSITIVE_INFINITY;
        for (let atMs = 0; atMs <= 20_000; atMs += 100) {
          audio.sender.runTo(atMs);
          video.sender.runTo(atMs);
          // Up to 70 % of the reports are lost: the bound begins when both have had one and have bent towards it.
          if (audio.clock.reports > 0 && video.clock.reports > 0) reportedMs = Math.min(reportedMs, atMs);
          if (atMs < reportedMs + 3000) continue;
          near(audio.sender.toldMs(atMs), video.sender.toldMs(atMs), 5, `audio against video at ${atMs}`);
        }
      }),
      { numRuns: 60 },
    );
  });
});
