import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainMediaError } from '../../server/web/call/mediaProblems.ts';
import { SfuClock } from '../../server/web/emotion/SfuClock.ts';
import { initials } from '../../server/web/view/initials.ts';
import { labelColors } from '../../server/web/view/labelColors.ts';
import { parseLabels } from '../../server/web/view/parseLabels.ts';
import { newRoomId, roomIdFrom } from '../../server/web/view/roomLink.ts';
import {
  listNames,
  reasonText,
  sentimentText,
  shortReading,
  signed,
  spokenReading,
} from '../../server/web/view/wording.ts';
import { finalOf } from './events.ts';

test('a reading is told as what cues suggest, with its confidence and without a verdict', () => {
  const text = spokenReading('Ada', finalOf('a', 0));
  assert.equal(text, 'Ada: expression cues suggest joy 71\u202f%, sentiment positive.');
  assert.doesNotMatch(text, /\bis (joy|happy|angry)/);
});

test('an abstained result never names its leading label', () => {
  const abstained = finalOf('a', 0, { abstained: 'low-confidence' });
  assert.equal(shortReading(abstained), 'not clear enough to say');
  assert.equal(spokenReading('Ada', abstained), 'Ada: not clear enough to say.');
  const unknown = finalOf('a', 0, { abstained: 'moon-phase' as 'low-confidence' });
  assert.equal(shortReading(unknown), 'not clear enough to say');
});

test('reasons are in plain words, also one that a later version may send', () => {
  assert.equal(reasonText('no-consent'), 'not allowed');
  assert.equal(reasonText('poor-light'), 'poor light');
  assert.equal(reasonText(undefined), 'not used');
});

test('sentiment is named by strength and direction', () => {
  assert.deepEqual([-2.4, -1.2, -0.6, 0.1, 0.6, 1.2, 2.9].map(sentimentText), [
    'sentiment strongly negative',
    'sentiment negative',
    'sentiment slightly negative',
    'sentiment neutral',
    'sentiment slightly positive',
    'sentiment positive',
    'sentiment strongly positive',
  ]);
  assert.deepEqual([1.25, -0.04, -1.5].map(signed), ['+1.3', '0.0', '\u22121.5']);
});

test('modalities are listed as in a sentence', () => {
  assert.equal(listNames(['audio', 'video', 'text']), 'voice, face and words');
  assert.equal(listNames(['text']), 'words');
  assert.equal(listNames([]), 'nothing');
});

test('up to ten labels have colours that differ, familiar ones always the same', () => {
  const shipped = ['neutral', 'joy', 'surprise', 'sadness', 'anger', 'disgust', 'fear', 'pride', 'relief', 'love'];
  const colors = labelColors(shipped);
  assert.equal(new Set(colors.values()).size, shipped.length);
  assert.equal(labelColors(['bored', 'joy']).get('joy'), colors.get('joy'));
  assert.deepEqual([...labelColors(['b', 'a'])].sort(), [...labelColors(['a', 'b'])].sort());
  assert.equal(labelColors(Array.from({ length: 28 }, (_, index) => `label ${index}`)).size, 28);
});

test('labels are read as people write them, and mistakes are explained', () => {
  assert.deepEqual(parseLabels(' engaged,confused ;  bored\nengaged, '), ['engaged', 'confused', 'bored']);
  assert.match(parseLabels('alone') as string, /at least two/);
  assert.match(parseLabels(Array.from({ length: 65 }, (_, index) => `l${index}`).join()) as string, /at most 64/);
  assert.match(parseLabels(`a, ${'b'.repeat(81)}`) as string, /longer than 80/);
});

test('a room is found in its name or in a link, and in nothing else', () => {
  assert.equal(roomIdFrom(' standup '), 'standup');
  assert.equal(roomIdFrom('https://calls.example/r/stand_up-1?debug#x'), 'stand_up-1');
  for (const wrong of ['', 'two words', 'https://calls.example/', '/r/%20', 'x'.repeat(65)]) {
    assert.equal(roomIdFrom(wrong), undefined, wrong);
  }
  assert.match(newRoomId(), /^[\w-]{12}$/);
  assert.notEqual(newRoomId(), newRoomId());
});

test('a name is abbreviated by its first and last word, whatever its script', () => {
  assert.deepEqual(['Ada Lovelace', 'grace', '  ', 'Ana María de Soto', '李 雷'].map(initials), [
    'AL',
    'G',
    '?',
    'AS',
    '李雷',
  ]);
});

test('every way in which a camera can fail has a title and an advice', () => {
  for (const name of ['NotAllowedError', 'NotFoundError', 'NotReadableError', 'SecurityError', 'SomethingNew']) {
    const { title, advice } = explainMediaError(new DOMException('', name), ['camera', 'microphone']);
    assert.match(title, /camera and microphone/);
    assert.ok(advice.length > 20);
  }
});

test('the clock of the server is told by the event that took the shortest way', () => {
  let nowMs = 1_000;
  const clock = new SfuClock(() => nowMs);
  assert.equal(clock.known, false);
  clock.observe(5_900);
  nowMs = 2_000;
  clock.observe(6_980);
  nowMs = 3_000;
  clock.observe(7_500);
  assert.equal(clock.known, true);
  assert.equal(clock.nowMs, 3_000 + 4_980);
});
