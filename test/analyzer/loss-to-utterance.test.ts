/** What loss does to utterances: from packets through receiver, decoder and windows, in virtual time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualTimeScheduler } from 'rxjs';
import { createOpusDecoder } from '../../plugin/analyzer/media/index.ts';
import { SenderClock } from '../../plugin/analyzer/rtp/index.ts';
import { AudioTrack } from '../../plugin/analyzer/speech/index.ts';
import { createParticipantPipeline, type UtteranceSignal } from '../../plugin/analyzer/utterance/index.ts';
import { fixture, readOpus } from './media/containers.ts';
import { rtp } from './rtp-stream.ts';
import { encoder, modality } from './utterance/support.ts';

const T0 = 1_700_000_000_000;
const PACKET_MS = 20;
/** A stretch of the recording without a pause. */
const voice = readOpus(fixture('voice.opus')).slice(50, 120);

/** Somebody who speaks all the time, of whose packets only some arrive. */
async function speak(packets: number, arrives: (index: number) => boolean) {
  const clock = new VirtualTimeScheduler();
  const signals: UtteranceSignal<number, number, string>[] = [];
  let n = 0;
  let nowMs = T0;
  const pipeline = createParticipantPipeline({
    participantId: 'ada',
    options: { silenceMs: 600, maxMs: 12_000, minMs: 250, transcriptGraceMs: 1500, interimMs: 3000 },
    encoder: encoder(),
    newId: () => `u${++n}`,
    scheduler: clock,
    now: () => nowMs,
  });
  pipeline.output.subscribe((signal) => signals.push(signal));
  pipeline.input.next(modality('audio', true));
  const track = new AudioTrack({
    payloadType: 111,
    ssrc: 7,
    senderClock: new SenderClock(),
    vad: { process: async () => 0.9, reset: () => undefined },
    sink: {
      audio: ({ startMs, pcm, concealedMs }, vad) =>
        pipeline.input.next({ kind: 'audio', startMs, pcm, vad, concealedMs }),
      gap: (fromMs, toMs, reason) => pipeline.input.next({ kind: 'audio.gap', fromMs, toMs, reason }),
    },
  });
  track.setDecoder(await createOpusDecoder());
  for (let index = 0; index < packets; index++) {
    nowMs = T0 + index * PACKET_MS;
    const payload = voice[index % voice.length] ?? new Uint8Array(1);
    const packet = { payloadType: 111, ssrc: 7, sequenceNumber: index, timestamp: index * 960, payload };
    if (arrives(index)) track.push(rtp(packet), nowMs);
    await track.poll(nowMs);
    pipeline.input.next({ kind: 'tick', atMs: nowMs });
  }
  await track.close(nowMs);
  pipeline.close('leave');
  return signals.flatMap((signal) =>
    signal.kind === 'end'
      ? [{ trigger: signal.trigger, startMs: signal.span.startMs - T0, endMs: signal.span.endMs - T0 }]
      : [],
  );
}

test('a long gap closes the utterance where the sound ended, and what comes after it is another', async () => {
  const ends = await speak(300, (index) => index < 100 || index >= 160);
  assert.deepEqual(
    ends.map(({ trigger }) => trigger),
    ['gap', 'leave'],
  );
  const [before, after] = ends;
  // Windows end and begin with whole frames of 32 ms.
  assert.ok(before && Math.abs(before.endMs - 2000) <= 32, `it ended at ${before?.endMs}`);
  assert.ok(after && Math.abs(after.startMs - 3200) <= 32, `the next began at ${after?.startMs}`);
});

test('what can be concealed does not', async () => {
  const ends = await speak(300, (index) => index < 100 || index >= 112);
  assert.deepEqual(
    ends.map(({ trigger }) => trigger),
    ['leave'],
  );
});
