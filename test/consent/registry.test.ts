import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChainedAuditTrail } from '../../plugin/consent/audit/ChainedAuditTrail.ts';
import type { ConsentChange } from '../../plugin/consent/ConsentTypes.ts';
import { MemoryConsentRegistry } from '../../plugin/consent/MemoryConsentRegistry.ts';

const NOTHING = { audio: false, video: false, text: false };

function registry(noticeVersion?: string) {
  const changes: ConsentChange[] = [];
  let clock = 100;
  const now = () => clock++;
  const audit = new ChainedAuditTrail({ now: () => clock });
  const consent = new MemoryConsentRegistry({
    roomId: 'room',
    audit,
    noticeVersion,
    changed: (change) => changes.push(change),
    now,
  });
  const trail = () =>
    consent.audit().map(({ action, subject, modalities, by }) => {
      const who = ['ada', 'bob'].find((id) => audit.pseudonym(id) === subject);
      return [action, who, modalities?.join(), by];
    });
  return { changes, audit, consent, trail };
}

const release = (signedAtMs: number) => ({ reference: 'form/17', signedAtMs, recordedBy: 'backend' });

test('nobody consents to anything until they say so', () => {
  const { consent } = registry();
  assert.deepEqual(consent.get('ada'), NOTHING);
});

test('a grant changes the named modalities alone and is told once', () => {
  const { consent, changes } = registry();
  consent.set('ada', { audio: true });
  consent.set('ada', { audio: true });
  consent.set('ada', { text: true });
  assert.deepEqual(consent.get('ada'), { audio: true, video: false, text: true });
  assert.equal(changes.length, 2);
  assert.deepEqual(consent.get('bob'), NOTHING);
});

test('withdrawing takes everything back', () => {
  const { consent, changes } = registry();
  consent.set('ada', { audio: true, video: true });
  consent.withdraw('ada');
  assert.deepEqual(consent.get('ada'), NOTHING);
  assert.deepEqual(changes.at(-1)?.before, { audio: true, video: true, text: false });
});

test('the audit trail says who, what and when, in order: yes, a first no, a yes taken back, the end of a visit', () => {
  const { consent, trail } = registry();
  consent.set('ada', { audio: true, video: true, text: false }, { noticeVersion: '2026-11' });
  consent.set('ada', { text: false });
  consent.set('ada', { video: false, text: true });
  consent.set('bob', { audio: false });
  consent.forget('ada');
  consent.forget('bob');
  assert.deepEqual(trail(), [
    ['consent.granted', 'ada', 'audio,video', 'participant'],
    ['consent.denied', 'ada', 'text', 'participant'],
    ['consent.granted', 'ada', 'text', 'participant'],
    ['consent.withdrawn', 'ada', 'video', 'participant'],
    ['consent.denied', 'bob', 'audio', 'participant'],
    ['consent.ended', 'ada', 'audio,text', 'server'],
  ]);
  assert.equal(consent.audit()[0]!.noticeVersion, '2026-11');
});

test('the trail holds no id of anybody, and finds them again by it', async () => {
  const { consent, audit } = registry();
  consent.set('ada lovelace', { audio: true });
  consent.set('bob', { audio: true });
  assert.doesNotMatch(JSON.stringify(audit.recent()), /lovelace/);
  assert.deepEqual(
    (await consent.history('bob')).map(({ action, subject }) => [action, subject]),
    [['consent.granted', audit.pseudonym('bob')]],
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

test('the host says yes on a recorded release alone, and may say no as it likes', () => {
  const { consent, trail, audit } = registry();
  assert.throws(() => consent.set('ada', { audio: true }, { by: 'host' }), { code: 'release-needed' });
  consent.set('ada', { audio: true }, { by: 'host', release: release(90) });
  const [granted] = consent.audit();
  assert.deepEqual(granted?.release, { reference: 'form/17', signedAtMs: 90 });
  assert.equal(granted.actor, audit.pseudonym('backend'));
  consent.withdraw('ada', { by: 'host' });
  assert.deepEqual(trail().at(-2), ['consent.withdrawn', 'ada', 'audio', 'host']);
});

test('a release that was signed before the participant said no counts for nothing, also on a later visit', () => {
  const { consent } = registry();
  consent.set('ada', { audio: false });
  const host = (signedAtMs: number) => ({ by: 'host', release: release(signedAtMs) }) as const;
  assert.throws(() => consent.set('ada', { audio: true }, host(99)), { code: 'refused-since' });
  consent.forget('ada');
  assert.throws(() => consent.set('ada', { audio: true }, host(100)), { code: 'refused-since' });
  consent.set('ada', { audio: true }, host(101));
  assert.equal(consent.get('ada').audio, true);
});

test('a release that is none is refused by its field', () => {
  const { consent } = registry();
  for (const [field, wrong] of [
    ['reference', { reference: 'Ada Lovelace, signed' }],
    ['signedAtMs', { signedAtMs: 10_000_000 }],
    ['recordedBy', { recordedBy: '' }],
  ] as const) {
    const given = { ...release(90), ...wrong };
    assert.throws(
      () => consent.set('ada', { audio: true }, { by: 'host', release: given }),
      new RegExp(`release\\.${field}`),
    );
  }
  assert.deepEqual(consent.get('ada'), NOTHING);
});

test('a yes names the notice in force, and lapses with it; a no needs none', () => {
  const { consent, changes, trail } = registry('first');
  for (const noticeVersion of [undefined, 'older']) {
    assert.throws(() => consent.set('ada', { audio: true }, { noticeVersion }), { code: 'notice-outdated' });
  }
  consent.set('ada', { audio: true }, { noticeVersion: 'first' });
  consent.set('bob', { audio: false });
  consent.setNotice('first');
  assert.equal(consent.get('ada').audio, true);
  consent.setNotice('second');
  assert.deepEqual(consent.get('ada'), NOTHING);
  assert.equal(changes.at(-1)!.retracts, false, 'results that were made under the former notice stay');
  assert.deepEqual(trail().at(-1), ['consent.lapsed', 'ada', 'audio', 'server']);
  assert.throws(() => consent.set('ada', { audio: true }, { noticeVersion: 'first' }), { code: 'notice-outdated' });
  consent.set('ada', { audio: true }, { noticeVersion: 'second' });
  assert.equal(consent.get('ada').audio, true);
});
