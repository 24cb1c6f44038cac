import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConsentChange } from '../../plugin/consent/ConsentTypes.ts';
import { MemoryConsentRegistry } from '../../plugin/consent/MemoryConsentRegistry.ts';

function registry() {
  const changes: ConsentChange[] = [];
  let now = 100;
  return {
    changes,
    consent: new MemoryConsentRegistry(
      'room',
      (change) => changes.push(change),
      () => now++,
    ),
  };
}

test('nobody consents to anything until they say so', () => {
  const { consent } = registry();
  assert.deepEqual(consent.get('ada'), { audio: false, video: false, text: false });
});

test('a grant changes the named modalities alone and is told once', () => {
  const { consent, changes } = registry();
  consent.set('ada', { audio: true });
  consent.set('ada', { audio: true });
  consent.set('ada', { text: true });
  assert.deepEqual(consent.get('ada'), { audio: true, video: false, text: true });
  assert.equal(changes.length, 2);
  assert.deepEqual(consent.get('bob'), { audio: false, video: false, text: false });
});

test('withdrawing takes everything back', () => {
  const { consent, changes } = registry();
  consent.set('ada', { audio: true, video: true });
  consent.withdraw('ada');
  assert.deepEqual(consent.get('ada'), { audio: false, video: false, text: false });
  assert.deepEqual(changes.at(-1)?.before, { audio: true, video: true, text: false });
});

test('the audit trail says who, what and when, in order', () => {
  const { consent } = registry();
  consent.set('ada', { audio: true, video: true }, { noticeVersion: '2026-11' });
  consent.set('ada', { video: false, text: true }, { by: 'host' });
  assert.deepEqual(
    consent
      .audit()
      .map(({ atMs, action, participantId, modalities, by, noticeVersion }) => [
        atMs,
        action,
        participantId,
        modalities.join(),
        by,
        noticeVersion,
      ]),
    [
      [100, 'consent.granted', 'ada', 'audio,video', 'participant', '2026-11'],
      [101, 'consent.granted', 'ada', 'text', 'host', undefined],
      [101, 'consent.withdrawn', 'ada', 'video', 'host', undefined],
    ],
  );
});

test('what get returns cannot be used to grant', () => {
  const { consent } = registry();
  consent.get('ada').audio = true;
  assert.equal(consent.get('ada').audio, false);
});

test('an unknown modality or a value that is no boolean is refused by name and changes nothing', () => {
  const { consent, changes } = registry();
  assert.throws(
    () => consent.set('ada', { audio: true, smell: true } as never),
    /modalities\.smell.*audio, video, text/,
  );
  assert.throws(() => consent.set('ada', { audio: 'yes' } as never), /modalities\.audio: "yes"/);
  assert.throws(() => consent.set('', { audio: true }), /participantId/);
  assert.equal(changes.length, 0);
  assert.equal(consent.get('ada').audio, false);
});
