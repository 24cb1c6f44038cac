import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EmotionFinal, UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { seededRandom } from '../../scripts/random.ts';
import { openStore, type MeetingStore } from '../../server/store/index.ts';
import { toOperations } from '../../server/store/recording/toOperations.ts';
import { plainLanes } from './plain-lanes.ts';
import { onBothStores } from './support.ts';
import { finalEvent, MEETING, retractedEvent, valid } from './support-events.ts';

const PEOPLE = ['ada', 'bob', 'cy'];
const { startMs: T0 } = MEETING;

/** A meeting that is written piece by piece, and what a reader with all events at hand would know of it. */
class Written {
  readonly #store: MeetingStore;
  readonly #random: () => number;
  readonly meetingId: string;
  #finals: EmotionFinal[] = [];
  #told = 0;
  #utterances = 0;
  lastMs: number = T0;

  constructor(store: MeetingStore, meetingId: string, random: () => number) {
    this.#store = store;
    this.meetingId = meetingId;
    this.#random = random;
  }

  /** Some results at that time: new ones, late ones, revised ones with another span, of two sets of labels. */
  async speak(atMs: number, count: number): Promise<void> {
    await this.#write(this.#said(atMs, count));
  }

  #said(atMs: number, count: number): EmotionFinal[] {
    const events: EmotionFinal[] = [];
    for (let n = 0; n < count; n++) {
      const former = this.#random() < 0.3 ? this.#one([...this.#finals.slice(-20), ...events]) : undefined;
      const shiftMs = former ? this.#random() * 1_500 : 0;
      const startMs = shiftMs + (former?.span.startMs ?? Math.max(T0 - 500, atMs - this.#random() * 20_000));
      const final = finalEvent(++this.#told, {
        participantId: former?.participantId ?? this.#one(PEOPLE)!,
        utteranceId: former?.utteranceId ?? `u${++this.#utterances}`,
        startMs,
        endMs: startMs + 200 + this.#random() * 9_000,
        happy: Math.round(this.#random() * 1e6) / 1e6,
        revision: former ? former.revision + 1 : 0,
        uses: { audio: this.#random() < 0.9, video: this.#random() < 0.5, text: this.#random() < 0.5 },
      });
      final.modalities.audio.speechMs *= this.#random();
      if (this.#random() < 0.2) final.abstained = 'low-confidence';
      if (this.#random() < 0.2) {
        final.labelSet = { ...final.labelSet, hash: 'fedcba9876543210' };
        final.labels = [
          { name: 'engaged', p: 0.6 },
          { name: 'bored', p: 0.4 },
        ];
      }
      events.push({ ...final, atMs });
    }
    this.#finals.push(...events);
    return events;
  }

  /** Everything of somebody's that rests on sound is taken back; in the same batch more is said, by them too. */
  async retract(participantId: string, atMs: number): Promise<void> {
    const audible = new Set(
      this.#finals.filter((one) => one.participantId === participantId && one.modalities.audio.used).map(utteranceOf),
    );
    this.#finals = this.#finals.filter((one) => !audible.has(one.utteranceId));
    const retracted = retractedEvent(++this.#told, atMs, participantId, [...audible].slice(0, 3));
    await this.#write([retracted, ...this.#said(atMs + 100, 10)]);
  }

  async erase(participantId: string): Promise<void> {
    this.#finals = this.#finals.filter((one) => one.participantId !== participantId);
    await this.#store.eraseParticipant({ participantId, meetingId: this.meetingId });
  }

  async check(): Promise<void> {
    const page = (await this.#store.page(this.meetingId))!;
    const ids = page.participants.map(({ participantId }) => participantId);
    assert.deepEqual(page.lanes, plainLanes(this.#finals, ids, T0, page.meeting.endMs ?? this.lastMs));
  }

  async #write(events: readonly UndertoneEvent[]): Promise<void> {
    const operations = events.flatMap((event, n) =>
      toOperations(valid(event), this.#told - events.length + n, MEETING.storage),
    );
    await this.#store.write(this.meetingId, operations);
    this.lastMs = Math.max(this.lastMs, ...events.map(({ atMs }) => atMs));
  }

  #one<T>(among: readonly T[]): T | undefined {
    return among[Math.floor(this.#random() * among.length)];
  }
}

const utteranceOf = ({ utteranceId }: EmotionFinal) => utteranceId;

onBothStores('the lanes of a meeting', ({ fresh, open }) => {
  test('are at any moment what all of its events come to, and stay so when it ends', async (t) => {
    const store = await open(t);
    const random = seededRandom(7);
    const meeting = new Written(store, await store.begin(MEETING), random);
    // Over two days: from stretches of a second to such of five minutes, some of which do not fit into the next.
    for (const minutes of [0.1, 1, 5, 11, 13, 20, 40, 70, 100, 150, 300, 340, 400, 800, 1_500, 2_900]) {
      await meeting.speak(T0 + minutes * 60_000, 12);
      await meeting.speak(T0 + minutes * 60_000 + 900, 1 + Math.floor(random() * 8));
      await meeting.check();
      if (minutes === 70 || minutes === 800) {
        await meeting.retract('ada', T0 + minutes * 60_000 + 1_000);
        await meeting.check();
      }
      if (minutes === 340) {
        await meeting.erase('bob');
        await meeting.check();
      }
    }
    await store.end(meeting.meetingId, { endMs: T0 + 4_000 * 60_000, reason: 'empty' });
    await meeting.check();
    assert.deepEqual(await store.database.all('SELECT * FROM lane_blocks'), [], 'the sums are needed no longer');
  });

  test('are the same in a meeting that began under an older version, which kept no sums', async (t) => {
    const store = await open(t);
    const meeting = new Written(store, await store.begin(MEETING), seededRandom(8));
    await store.database.run('UPDATE meetings SET lane_ms = NULL');
    await meeting.speak(T0 + 30_000, 40);
    await meeting.check();
    await store.end(meeting.meetingId, { endMs: meeting.lastMs, reason: 'crash' });
    await meeting.check();
  });

  test('are read by another process while the meeting runs, and go on with it after a crash', async (t) => {
    const place = await fresh();
    const store = await open(t, place);
    const meeting = new Written(store, await store.begin(MEETING), seededRandom(9));
    await meeting.speak(T0 + 30_000, 40);
    const other = await openStore(place);
    const { lanes } = (await other.page(meeting.meetingId))!;
    assert.deepEqual(lanes, (await store.page(meeting.meetingId))!.lanes);
    assert.equal(lanes.length, PEOPLE.length);
    await other.end(meeting.meetingId, { endMs: meeting.lastMs, reason: 'crash' });
    await other.close();
    await meeting.check();
  });
});
