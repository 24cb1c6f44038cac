import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { RtpClock, SenderClock } from '../../../plugin/analyzer/rtp/index.ts';
import { SimulatedStream, START_MS } from './simulated-stream.ts';
import type { StreamTraits } from './simulated-stream.ts';

const AUDIO: StreamTraits = { clockRate: 48_000, packetMs: 20, firstTimestamp: 5_000, delayMs: 25, seed: 1 };
const VIDEO: StreamTraits = {
  clockRate: 90_000,
  packetMs: 1000 / 30,
  firstTimestamp: 0xfff0_0000,
  delayMs: 60,
  seed: 2,
};
const NO_REPORTS = { firstReportMs: Number.POSITIVE_INFINITY };

function stream(traits: StreamTraits, senderClock?: SenderClock): { clock: RtpClock; sender: SimulatedStream } {
  const clock = new RtpClock({ clockRate: traits.clockRate, senderClock });
  return { clock, sender: new SimulatedStream(clock, traits) };
}

function near(actual: number, expected: number, toleranceMs: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= toleranceMs,
    `${what}: ${actual.toFixed(2)} ms is not within ${toleranceMs} ms of ${expected.toFixed(2)} ms`,
  );
}

describe('RtpClock before the first sender report', () => {
  it('takes the packet that waited least for the true delay', () => {
    const { clock, sender } = stream({ ...AUDIO, ...NO_REPORTS, jitterMs: 30 });
    sender.runTo(5000);
    assert.equal(clock.source, 'arrival');
    near(sender.toldMs(5000), 5000 + 25, 3, 'arrival');
  });

  it('follows a drift of 200 ppm in both directions', () => {
    for (const driftPpm of [200, -200]) {
      const { sender } = stream({ ...AUDIO, ...NO_REPORTS, jitterMs: 20, driftPpm });
      sender.runTo(600_000);
      near(sender.toldMs(600_000), 600_000 + 25, 8, `drift of ${driftPpm} ppm`);
    }
  });

  it('takes a stall of the network for what it is and keeps the times', () => {
    const { clock, sender } = stream({ ...AUDIO, ...NO_REPORTS });
    sender.runTo(2000);
    const base = clock.toWallMs(sender.timestampAt(2000));
    // 1.5 s of sound arrives all at once.
    for (let atMs = 2020; atMs <= 3500; atMs += 20) clock.onArrival(sender.timestampAt(atMs), base + 1550);
    near(clock.toWallMs(sender.timestampAt(3500)), base + 1500, 1, 'after the stall');
    assert.equal(clock.resyncs, 0);
  });

  it('tells the backlog of a stall from a standstill even when it comes in slowly', () => {
    for (const speed of [1.3, 2, 10]) {
      const { clock, sender } = stream({ ...AUDIO, ...NO_REPORTS });
      sender.runTo(5000);
      let arrivalMs = START_MS + 5000 + 3000;
      for (let atMs = 5020; atMs < 20_000; atMs += 20) {
        arrivalMs = Math.max(arrivalMs + 20 / speed, START_MS + atMs + 25);
        clock.onArrival(sender.timestampAt(atMs), arrivalMs);
        near(sender.toldMs(atMs), atMs + 25, 1, `at ${atMs}, backlog at ${speed} times real time`);
      }
    }
  });

  it('finds back within a second when timestamps stood still during a pause', () => {
    const { sender } = stream({ ...AUDIO, ...NO_REPORTS });
    sender.runTo(3000);
    sender.standStillTo(13_000);
    sender.runTo(14_000);
    near(sender.toldMs(14_000), 14_025, 1, 'after the pause');
  });

  it('goes on at once when timestamps went on during a pause', () => {
    const { clock, sender } = stream({ ...AUDIO, ...NO_REPORTS });
    sender.runTo(3000);
    sender.pauseTo(63_000);
    sender.runTo(63_000);
    near(sender.toldMs(63_000), 63_025, 1, 'after the pause');
    assert.equal(clock.resyncs, 0);
  });
});

describe('RtpClock with sender reports', () => {
  it('gives less than 0.1 ms of error to the fit over the last reports, whatever the drift', () => {
    for (const driftPpm of [-300, 0, 300]) {
      const { clock, sender } = stream({ ...AUDIO, driftPpm });
      sender.runTo(30_000);
      // Between reports the line is what is right: the nominal rate would be 1.5 ms off after 5 s.
      sender.holdReportsTo(60_000);
      sender.runTo(35_000);
      near(sender.toldMs(35_000), 35_025, 0.1, `drift of ${driftPpm} ppm`);
      near(clock.driftPpm, driftPpm, 1, 'measured drift');
    }
  });

  it('brings audio and video of one participant together within 5 ms though they travel differently', () => {
    const senderClock = new SenderClock();
    const audio = stream({ ...AUDIO, jitterMs: 15, ntpOffsetMs: 7_654_321 }, senderClock);
    const video = stream({ ...VIDEO, jitterMs: 40, ntpOffsetMs: 7_654_321 }, senderClock);
    for (let atMs = 0; atMs <= 4000; atMs += 100) {
      audio.sender.runTo(atMs);
      video.sender.runTo(atMs);
    }
    assert.equal(audio.clock.source, 'reports');
    near(audio.sender.toldMs(4000) - video.sender.toldMs(4000), 0, 5, 'audio against video');
    near(audio.sender.toldMs(4000), 4025, 5, 'audio against the least delay');
  });

  it('keeps audio and video within 5 ms over 10 minutes of 200 ppm drift', () => {
    const senderClock = new SenderClock();
    const audio = stream({ ...AUDIO, jitterMs: 15, driftPpm: 200, ntpOffsetMs: -5000, ntpDriftPpm: 50 }, senderClock);
    const video = stream({ ...VIDEO, jitterMs: 40, driftPpm: -200, ntpOffsetMs: -5000, ntpDriftPpm: 50 }, senderClock);
    let worst = 0;
    for (let atMs = 0; atMs <= 600_000; atMs += 500) {
      audio.sender.runTo(atMs);
      video.sender.runTo(atMs);
      if (atMs >= 3000) worst = Math.max(worst, Math.abs(audio.sender.toldMs(atMs) - video.sender.toldMs(atMs)));
    }
    assert.ok(worst <= 5, `worst offset ${worst.toFixed(2)} ms`);
    near(audio.sender.toldMs(600_000), 600_025, 8, 'against the wall after 10 minutes');
    near(audio.clock.driftPpm - video.clock.driftPpm, 400, 20, 'measured drift in ppm');
  });

  it('changes over from arrival to reports gradually', () => {
    const senderClock = new SenderClock();
    const audio = stream(AUDIO, senderClock);
    const video = stream({ ...VIDEO, delayMs: 225, firstReportMs: 2000 }, senderClock);
    let last = Number.NEGATIVE_INFINITY;
    let largestDeviation = 0;
    for (let atMs = 0; atMs <= 6000; atMs += 100) {
      audio.sender.runTo(atMs);
      video.sender.runTo(atMs, (captureMs, timestamp) => {
        const told = video.clock.toWallMs(timestamp);
        if (last > 0) largestDeviation = Math.max(largestDeviation, Math.abs(told - last - 1000 / 30));
        assert.ok(told >= last, `ran backwards at ${captureMs}`);
        last = told;
      });
    }
    assert.ok(largestDeviation <= 1000 / 60 + 1, `a step of ${largestDeviation.toFixed(1)} ms between two pictures`);
    near(video.sender.toldMs(6000), audio.sender.toldMs(6000), 5, 'after the change-over');
  });

  it('uses a report that came before the first packet', () => {
    const clock = new RtpClock({ clockRate: 48_000 });
    clock.onSenderReport({ ntpMs: 1_000_000, rtpTimestamp: 480 }, 5_000_000);
    assert.equal(clock.source, 'none');
    clock.onArrival(960, 5_000_040);
    assert.equal(clock.source, 'reports');
  });

  it('stays by arrival when the sender has no wall clock', () => {
    const clock = new RtpClock({ clockRate: 48_000 });
    clock.onArrival(0, 1000);
    clock.onSenderReport({ ntpMs: null, rtpTimestamp: 0 }, 1000);
    assert.equal(clock.source, 'arrival');
    assert.equal(clock.reportsIgnored, 1);
  });

  it('leaves out a report whose timestamp cannot be of this stream', () => {
    const { clock, sender } = stream(AUDIO);
    sender.runTo(5000);
    const before = sender.toldMs(5000);
    clock.onSenderReport({ ntpMs: 0, rtpTimestamp: sender.timestampAt(5000 + 3_600_000) }, Date.UTC(2026, 0, 1) + 5025);
    sender.runTo(6000);
    near(sender.toldMs(6000) - before, 1000, 1, 'a second later');
    assert.equal(clock.reportsIgnored, 1);
  });

  it('keeps its times when the wall clock of the sender jumps, and both streams stay together', () => {
    const senderClock = new SenderClock();
    const audio = stream({ ...AUDIO, jitterMs: 10 }, senderClock);
    const video = stream({ ...VIDEO, jitterMs: 10, firstReportMs: 900 }, senderClock);
    for (let atMs = 0; atMs <= 20_000; atMs += 100) {
      if (atMs === 10_000) for (const { sender } of [audio, video]) sender.ntpShiftMs = 3_600_000;
      audio.sender.runTo(atMs);
      video.sender.runTo(atMs);
      if (atMs < 3000) continue;
      near(audio.sender.toldMs(atMs), atMs + 25, 15, `audio at ${atMs}`);
      near(video.sender.toldMs(atMs), audio.sender.toldMs(atMs), 15, `video at ${atMs}`);
    }
  });

  it('follows a clock that was set by little or much, forwards or back, without leaving its times', () => {
    for (const shiftMs of [-900, -300, -60, 60, 300, 900, -7_200_000]) {
      const senderClock = new SenderClock();
      const audio = stream({ ...AUDIO, jitterMs: 10 }, senderClock);
      const video = stream({ ...VIDEO, jitterMs: 10, firstReportMs: 900 }, senderClock);
      for (let atMs = 0; atMs <= 40_000; atMs += 50) {
        if (atMs === 10_000) for (const { sender } of [audio, video]) sender.ntpShiftMs = shiftMs;
        audio.sender.runTo(atMs);
        video.sender.runTo(atMs);
        if (atMs < 3000) continue;
        near(audio.sender.toldMs(atMs), atMs + 25, 15, `audio at ${atMs}, set by ${shiftMs}`);
        near(video.sender.toldMs(atMs), audio.sender.toldMs(atMs), 40, `video at ${atMs}, set by ${shiftMs}`);
      }
      near(video.sender.toldMs(40_000), audio.sender.toldMs(40_000), 5, `video in the end, set by ${shiftMs}`);
    }
  });

  it('follows the extra offset of an SFU that switches simulcast layers within seconds', () => {
    for (const shiftMs of [-75, -33, -15, 15, 33, 75]) {
      const senderClock = new SenderClock();
      const audio = stream({ ...AUDIO, jitterMs: 10 }, senderClock);
      const video = stream({ ...VIDEO, jitterMs: 10 }, senderClock);
      for (let atMs = 0; atMs <= 30_000; atMs += 50) {
        if (atMs === 10_000) video.sender.timestampShift = shiftMs * 90;
        audio.sender.runTo(atMs);
        video.sender.runTo(atMs);
        if (atMs < 3000 || (atMs >= 10_000 && atMs < 16_000)) continue;
        near(video.sender.toldMs(atMs), audio.sender.toldMs(atMs), 5, `video at ${atMs}, shifted by ${shiftMs}`);
      }
      assert.equal(video.clock.resyncs, 0);
    }
  });

  it('finds back within a second of a standstill, and does not wait for a report', () => {
    for (const pauseMs of [1000, 4000, 20_000]) {
      const { sender } = stream({ ...AUDIO, jitterMs: 10 });
      const resumedMs = 12_000 + pauseMs;
      sender.runTo(12_000);
      sender.standStillTo(resumedMs, resumedMs + 6000);
      for (let atMs = resumedMs; atMs <= resumedMs + 20_000; atMs += 100) {
        sender.runTo(atMs);
        if (atMs > resumedMs + 1000) near(sender.toldMs(atMs), atMs + 25, 15, `at ${atMs} of ${pauseMs}`);
      }
    }
  });

  it('keeps its times while a queue on the way grows to seconds, stays and goes', () => {
    for (const growth of [0.1, 0.5, 2]) {
      const { clock, sender } = stream({ ...VIDEO, reportDelayMs: 25 });
      sender.runTo(8000);
      let queueMs = 0;
      for (let atMs = 8000; atMs < 30_000; atMs += 40) {
        queueMs = atMs < 20_000 ? Math.min(2000, queueMs + 40 * growth) : Math.max(0, queueMs - 4);
        clock.onArrival(sender.timestampAt(atMs), START_MS + atMs + 60 + queueMs);
        if (atMs % 1000 === 0) {
          const report = { ntpMs: START_MS + atMs, rtpTimestamp: sender.timestampAt(atMs) };
          clock.onSenderReport(report, START_MS + atMs + 25);
        }
        near(sender.toldMs(atMs), atMs + 25, 3, `at ${atMs}, queue of ${queueMs} ms`);
      }
      assert.equal(clock.resyncs, 0);
    }
  });

  it('keeps its times through silence in which a packet comes every 400 ms', () => {
    const { clock, sender } = stream({ ...AUDIO, jitterMs: 10, driftPpm: 100 });
    sender.runTo(10_000);
    for (let atMs = 10_400; atMs <= 40_000; atMs += 400) {
      sender.pauseTo(atMs, 0);
      sender.runTo(atMs);
      near(sender.toldMs(atMs), atMs + 25, 10, `at ${atMs}`);
    }
    assert.equal(clock.source, 'reports');
    assert.equal(clock.resyncs, 0);
  });

  it('goes back to arrival when no report has come for a minute, without a jump', () => {
    const { clock, sender } = stream({ ...VIDEO, delayMs: 90, reportDelayMs: 25 });
    sender.runTo(5000);
    near(sender.toldMs(5000), 5025, 3, 'by reports');
    sender.holdReportsTo(100_000);
    let lastMs = sender.toldMs(5000);
    sender.runTo(90_000, (atMs) => {
      const toldMs = sender.toldMs(atMs);
      assert.ok(toldMs - lastMs < 2 * (1000 / 30), `a step of ${toldMs - lastMs} ms at ${atMs}`);
      lastMs = toldMs;
    });
    assert.equal(clock.source, 'arrival');
    near(sender.toldMs(90_000), 90_090, 1, 'by arrival');
    sender.runTo(110_000);
    assert.equal(clock.source, 'reports');
  });

  it('keeps audio and video together when one of them is replaced by another stream', () => {
    const senderClock = new SenderClock();
    const audio = stream({ ...AUDIO, jitterMs: 10 }, senderClock);
    const video = stream({ ...VIDEO, jitterMs: 10 }, senderClock);
    for (let atMs = 0; atMs <= 10_000; atMs += 100) for (const { sender } of [audio, video]) sender.runTo(atMs);
    const before = video.sender.toldMs(10_000);
    video.clock.reset();
    video.sender.timestampShift = 123_456_789;
    for (let atMs = 10_100; atMs <= 14_000; atMs += 100) {
      for (const { sender } of [audio, video]) sender.runTo(atMs);
      assert.ok(video.sender.toldMs(atMs) >= before, `ran backwards at ${atMs}`);
    }
    near(video.sender.toldMs(14_000), audio.sender.toldMs(14_000), 5, 'video against audio');
  });

  it('moves to reports that an SFU makes from arrival at first and from capture later', () => {
    const { sender } = stream({ ...VIDEO, jitterMs: 5, reportDelayMs: 1 });
    sender.reportLagMs = 60;
    sender.runTo(4000);
    near(sender.toldMs(4000), 4061, 3, 'by arrival at the SFU');
    sender.reportLagMs = 0;
    sender.runTo(9000);
    near(sender.toldMs(9000), 9001, 3, 'by capture');
  });
});

describe('RtpClock in trouble', () => {
  it('takes up a new timeline when three packets agree on it', () => {
    for (const shift of [48_000 * 3600, -48_000 * 3600, 2 ** 31 - 5]) {
      const { clock, sender } = stream(AUDIO);
      sender.runTo(5000);
      sender.timestampShift = shift;
      sender.runTo(5100);
      assert.equal(clock.resyncs, 1);
      near(sender.toldMs(5100), 5125, 5, `after a jump of ${shift}`);
      sender.runTo(9000);
      near(sender.toldMs(9000), 9025, 5, 'with reports of the new timeline');
    }
  });

  it('is not led astray by forged timestamps', () => {
    const { clock, sender } = stream(AUDIO);
    sender.runTo(3000);
    const nowMs = Date.UTC(2026, 0, 1) + 3025;
    for (let i = 0; i < 20; i++) {
      clock.onArrival((i * 123_456_789) >>> 0, nowMs);
      const told = clock.toWallMs((i * 123_456_789) >>> 0);
      assert.ok(Number.isFinite(told) && told <= nowMs + 2000);
    }
    sender.runTo(4000);
    near(sender.toldMs(4000), 4025, 2, 'afterwards');
    assert.equal(clock.resyncs, 0);
  });

  it('does not run backwards over a change of the stream', () => {
    const clock = new RtpClock({ clockRate: 48_000 });
    clock.onArrival(1000, 10_000);
    clock.onArrival(1000 + 48_000, 11_000);
    const last = clock.toWallMs(1000 + 48_000);
    clock.reset();
    assert.equal(clock.source, 'none');
    clock.onArrival(777, 11_050);
    assert.ok(clock.toWallMs(777) >= last);
    near(clock.toWallMs(777), 11_050, 1, 'the new stream');
  });

  it('names the option, the value and what is allowed when the clock rate is wrong', () => {
    assert.throws(() => new RtpClock({ clockRate: 0 }), /clockRate is 0.*positive/);
    assert.throws(() => new RtpClock({ clockRate: Number.NaN }), RangeError);
  });
});
