import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { isRtcp, mediaSsrcs, parseRtcp } from '../../../plugin/analyzer/rtp/index.ts';
import { goodbye, rtpDatagram, senderReport, SSRC } from './datagrams.ts';

const NTP_MS = Date.UTC(2026, 5, 1, 12, 0, 0, 250);

describe('parseRtcp', () => {
  it('reads a sender report with its time in ms since 1970', () => {
    assert.deepEqual(parseRtcp(senderReport({ ntpMs: NTP_MS, rtpTimestamp: 0x80000001 })), [
      { kind: 'sender-report', ssrc: SSRC, ntpMs: NTP_MS, rtpTimestamp: 0x80000001, packetCount: 7, octetCount: 900 },
    ]);
  });

  it('gives null for the time of a sender without wall clock', () => {
    const [report] = parseRtcp(senderReport({ ntpMs: null, rtpTimestamp: 1 }));
    assert.equal(report?.kind === 'sender-report' ? report.ntpMs : undefined, null);
  });

  it('takes a time after the wrap of 2036 for what it is', () => {
    const afterWrapMs = Date.UTC(2040, 0, 1);
    const [report] = parseRtcp(senderReport({ ntpMs: afterWrapMs, rtpTimestamp: 1 }));
    assert.equal(report?.kind === 'sender-report' ? report.ntpMs : undefined, afterWrapMs);
  });

  it('reads all parts of a compound packet and steps over those of other types', () => {
    const description = Uint8Array.of(0x81, 202, 0, 2, 0, 0, 0, 1, 1, 1, 65, 0);
    const compound = Buffer.concat([senderReport({ ntpMs: NTP_MS, rtpTimestamp: 1 }), description, goodbye(4, 5)]);
    const items = parseRtcp(new Uint8Array(compound));
    assert.deepEqual(
      items.map((item) => item.kind),
      ['sender-report', 'bye'],
    );
    assert.deepEqual(items[1], { kind: 'bye', ssrcs: [4, 5] });
  });

  it('keeps what stands before a part whose length is wrong', () => {
    const broken = goodbye(1);
    broken[3] = 200;
    const compound = Buffer.concat([senderReport({ ntpMs: NTP_MS, rtpTimestamp: 1 }), broken]);
    assert.equal(parseRtcp(new Uint8Array(compound)).length, 1);
  });

  it('does not read sources that a goodbye counts but does not have', () => {
    const bye = goodbye(1, 2);
    bye[0] = 0x80 | 31;
    assert.deepEqual(parseRtcp(bye), [{ kind: 'bye', ssrcs: [1, 2] }]);
  });

  it('gives nothing for a sender report cut short', () => {
    assert.deepEqual(parseRtcp(senderReport({ ntpMs: NTP_MS, rtpTimestamp: 1 }).subarray(0, 20)), []);
  });
});

describe('isRtcp', () => {
  it('tells RTCP from RTP by the packet type', () => {
    assert.equal(isRtcp(senderReport({ ntpMs: NTP_MS, rtpTimestamp: 1 })), true);
    assert.equal(isRtcp(goodbye(1)), true);
    assert.equal(isRtcp(rtpDatagram({ marker: true, payloadType: 111 })), false);
    assert.equal(isRtcp(rtpDatagram({ payloadType: 96 })), false);
    assert.equal(isRtcp(Uint8Array.of(0x80, 200)), false);
  });
});

describe('mediaSsrcs', () => {
  it('names the stream of an RTP packet', () => {
    assert.deepEqual(mediaSsrcs(rtpDatagram({ ssrc: 77 })), [77]);
  });

  it('names every stream that a compound RTCP packet reports on, once', () => {
    const compound = Buffer.concat([
      senderReport({ ssrc: 1, ntpMs: NTP_MS, rtpTimestamp: 1 }),
      senderReport({ ssrc: 2, ntpMs: NTP_MS, rtpTimestamp: 1 }),
      goodbye(2, 3),
    ]);
    assert.deepEqual(mediaSsrcs(new Uint8Array(compound)), [1, 2, 3]);
  });

  it('names none for what is neither', () => {
    assert.deepEqual(mediaSsrcs(Uint8Array.of(1, 2, 3)), []);
    assert.deepEqual(mediaSsrcs(new Uint8Array(40)), []);
  });
});
