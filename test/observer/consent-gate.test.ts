import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Event } from '../../plugin/events/contract/v1/schema.ts';
import { SampleRoom } from '../support/sample-room.ts';

const SPOKEN = ['utterance.start', 'utterance.end', 'emotion.interim', 'emotion.final'];

let room: SampleRoom;
before(async () => {
  room = await SampleRoom.open();
  await room.call.start();
});
after(() => room.close());

const open = (participantId: string) =>
  room.consumers.filter(
    ({ closed, producerId }) => !closed && room.producers.get(producerId)?.appData['participantId'] === participantId,
  );
const spokenBy = (participantId: string) =>
  room.events.filter(
    (event) => SPOKEN.includes(event.type) && 'participantId' in event && event.participantId === participantId,
  );

test('only who consents is tapped, and only in what they consent to', async () => {
  const [first, second] = room.speakers as [string, string];
  assert.equal(room.consumers.length, 0);
  room.observer.consent.set(first, { audio: true });
  await room.until('consent.changed', ({ participantId, analysed }) => participantId === first && analysed.audio);
  assert.deepEqual(
    open(first).map(({ kind }) => kind),
    ['audio'],
  );
  assert.equal(open(second).length, 0);
  const final = await room.until('emotion.final', ({ participantId }) => participantId === first);
  assert.deepEqual(
    [final.modalities.audio.used, final.modalities.video.used, final.modalities.text.used],
    [true, false, false],
  );
  assert.deepEqual([final.modalities.video.reason, final.modalities.text.reason], ['no-consent', 'no-consent']);
  assert.equal(final.transcript, undefined, 'words were pushed but not consented to');
});

test('with all consents, each speaker gets finals from words, voice and face', async () => {
  for (const speaker of room.speakers) room.consent(speaker);
  for (const speaker of room.speakers) {
    const final = await room.until(
      'emotion.final',
      ({ participantId, modalities: { audio, video, text } }) =>
        participantId === speaker && audio.used && video.used && text.used,
    );
    assert.ok(final.transcript!.text.length > 0);
    assert.ok(final.modalities.video.frames > 0);
  }
  for (const event of room.events) Event.parse(event);
});

test('withdrawing closes the consumers inside the call, retracts what was said, and nothing follows', async () => {
  const speaker = room.speakers[0]!;
  await room.next('utterance.start', ({ participantId }) => participantId === speaker);
  const said = room.of('emotion.final').filter(({ participantId }) => participantId === speaker);
  assert.ok(open(speaker).length > 0);
  const from = room.events.length;
  room.consent(speaker, false);
  assert.equal(open(speaker).length, 0, 'closed before set() has returned');
  const retracted = room.of('emotion.retracted').at(-1)!;
  assert.equal(retracted.participantId, speaker);
  assert.ok(said.every(({ utteranceId }) => retracted.utteranceIds.includes(utteranceId)));
  assert.ok(room.observer.since(0).every((event) => event.type !== 'emotion.final' || event.participantId !== speaker));
  // The others go on long enough for anything of this speaker to come through.
  const other = room.speakers[1]!;
  for (let i = 0; i < 2; i += 1) await room.next('emotion.final', ({ participantId }) => participantId === other);
  assert.deepEqual(
    spokenBy(speaker).filter((event) => room.events.indexOf(event) >= from),
    [],
  );
});

test('withdrawing the face alone retracts what rested on it and goes on without it', async () => {
  const speaker = room.speakers[1]!;
  const withFace = room
    .of('emotion.final')
    .filter(({ participantId, modalities }) => participantId === speaker && modalities.video.used);
  room.observer.consent.set(speaker, { video: false });
  const retracted = room.of('emotion.retracted').at(-1)!;
  assert.deepEqual(retracted.modalities, ['video']);
  assert.ok(withFace.every(({ utteranceId }) => retracted.utteranceIds.includes(utteranceId)));
  const final = await room.next('emotion.final', ({ participantId }) => participantId === speaker);
  assert.deepEqual([final.modalities.audio.used, final.modalities.video.used], [true, false]);
  assert.equal(final.modalities.video.reason, 'no-consent');
});

test('another notice closes the consumers and takes nothing back; results come again after a yes to it', async () => {
  const speaker = room.speakers[1]!;
  await room.until('emotion.final', ({ participantId }) => participantId === speaker);
  const [kept, retracted] = [room.observer.since(0), room.of('emotion.retracted').length];
  room.observer.consent.setNotice('second');
  for (const everybody of room.speakers)
    assert.equal(open(everybody).length, 0, 'closed before setNotice() has returned');
  assert.equal(room.of('emotion.retracted').length, retracted);
  assert.ok(kept.every(({ seq }) => room.observer.since(0).some((event) => event.seq === seq)));
  assert.throws(() => room.consent(speaker), { code: 'notice-outdated' });
  room.observer.consent.set(speaker, { audio: true, text: true }, { noticeVersion: 'second' });
  await room.next('emotion.final', ({ participantId }) => participantId === speaker);
});

test('erasing takes out everything that is kept about somebody, and what the analyzer has in hand does not come', async () => {
  const speaker = room.speakers[1]!;
  await room.next('utterance.start', ({ participantId }) => participantId === speaker);
  const said = room.of('emotion.final').filter(({ participantId }) => participantId === speaker);
  const from = room.events.length;
  const { events, utterances } = room.observer.eraseParticipant(speaker);
  assert.ok(events > 0 && utterances >= 1, JSON.stringify({ events, utterances }));
  assert.equal(open(speaker).length, 0);
  const kept = room.observer.since(0).filter((event) => 'participantId' in event && event.participantId === speaker);
  assert.deepEqual(
    kept.map((event) => event.type === 'emotion.retracted' && event.reason),
    ['erased'],
  );
  const taken = new Set(room.of('emotion.retracted').flatMap(({ utteranceIds }) => utteranceIds));
  assert.ok(said.every(({ utteranceId }) => taken.has(utteranceId)));
  const other = room.speakers[0]!;
  room.observer.consent.set(other, { audio: true }, { noticeVersion: 'second' });
  for (let i = 0; i < 2; i += 1) await room.next('emotion.final', ({ participantId }) => participantId === other);
  assert.deepEqual(
    spokenBy(speaker).filter((event) => room.events.indexOf(event) >= from),
    [],
  );
  assert.deepEqual(room.observer.eraseParticipant(speaker), { events: 0, utterances: 0 });
});
