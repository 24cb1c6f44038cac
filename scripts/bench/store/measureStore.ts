import { randomUUID } from 'node:crypto';
import type { UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { openStore, type MeetingStore, type NewMeeting, type StorePlace } from '../../../server/store/index.ts';
import { StoreWriter } from '../../../server/store/recording/StoreWriter.ts';
import { toOperations } from '../../../server/store/recording/toOperations.ts';
import { meetingEvents } from '../analytics/meeting.ts';
import { quantile, round } from '../shared/statistics.ts';

/** Events that are made at a time, so that making them is not measured. */
const CHUNK = 5_000;
const PAGES = 20;
/** One page is opened while so many events are written. */
const EVENTS_A_PAGE = 25_000;

export interface StoreRow {
  store: MeetingStore['kind'];
  events: number;
  /** Of the events as they were emitted. */
  jsonMb: number;
  /** Taken from the event to the committed row, all of them one after the other: the most that the store keeps up with. */
  eventsPerSecond: number;
  /** Processor time of this process with its threads: other processes do not slow it. SQLite is in it. */
  cpuMsPer1000: number;
  /** The same of the database's own processes. */
  databaseCpuMsPer1000: number | null;
  /** Ending the meeting: works out what its page shows. */
  endMs: number;
  pageMsP50: number;
  pageMsMax: number;
  /** Pages opened while the meeting runs, each in the middle of writing. */
  runningPageMsP50: number;
  runningPageMsP95: number;
  runningPageMsMax: number;
  storeMb: number;
}

export interface StoreLoad {
  place: StorePlace;
  events: number;
  progress(text: string): void;
  /** How many the store's files have. */
  bytes(): number;
  databaseCpuMs?(): number | undefined;
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
const log = { ...silent, error: (facts: object, message: string) => console.error(message, facts) };

/** Keeps one long meeting as the server does, from the events to the pages. */
export async function measureStore({ place, events, progress, bytes, databaseCpuMs }: StoreLoad): Promise<StoreRow> {
  const store = await openStore(place);
  try {
    const writer = new StoreWriter({ store, log });
    const meetingId = randomUUID();
    let ms = 0;
    let cpuMs = 0;
    let chars = 0;
    let ord = 0;
    let lastMs = 0;
    const running: number[] = [];
    const databaseBefore = databaseCpuMs?.();
    for (const chunk of chunks(events)) {
      if (ord === 0) writer.begin({ ...MEETING, meetingId, startMs: chunk[0]!.atMs });
      const cpu = process.cpuUsage();
      const startedMs = performance.now();
      for (const event of chunk) writer.push(meetingId, toOperations(event, ord++, MEETING.storage));
      const page = ord % EVENTS_A_PAGE === 0 ? timed(() => store.page(meetingId)) : undefined;
      await writer.flush();
      ms += performance.now() - startedMs;
      const { user, system } = process.cpuUsage(cpu);
      cpuMs += (user + system) / 1_000;
      if (page) running.push(await page);
      lastMs = chunk.at(-1)!.atMs;
      chars += chunk.reduce((sum, event) => sum + JSON.stringify(event).length, 0);
      if (ord % (CHUNK * 20) === 0) progress(`${store.kind}: ${ord} of ${events} events, ${round(ord / ms, 2)} a ms`);
    }
    const databaseAfter = databaseCpuMs?.();
    const { written, lost, failing } = writer.status;
    if (written !== events || lost > 0) throw new Error(`${written} of ${events} were written: ${failing}`);
    running.push(await timed(() => store.page(meetingId)));
    writer.end(meetingId, { endMs: lastMs, reason: 'empty' });
    const endMs = await timed(() => writer.flush());
    const pages: number[] = [];
    while (pages.length < PAGES) pages.push(await timed(() => store.page(meetingId)));
    await checkPage(store, meetingId, events);
    return {
      store: store.kind,
      events,
      jsonMb: round(chars / 2 ** 20),
      eventsPerSecond: Math.round((events / ms) * 1_000),
      cpuMsPer1000: round((cpuMs / events) * 1_000),
      databaseCpuMsPer1000:
        databaseBefore === undefined || databaseAfter === undefined
          ? null
          : round(((databaseAfter - databaseBefore) / events) * 1_000),
      endMs: Math.round(endMs),
      pageMsP50: round(quantile(pages, 0.5)),
      pageMsMax: round(quantile(pages, 1)),
      runningPageMsP50: round(quantile(running, 0.5)),
      runningPageMsP95: round(quantile(running, 0.95)),
      runningPageMsMax: round(quantile(running, 1)),
      storeMb: round(bytes() / 2 ** 20),
    };
  } finally {
    await store.close();
  }
}

/** What was measured is a meeting, not an error. */
async function checkPage(store: MeetingStore, meetingId: string, events: number): Promise<void> {
  const page = await store.page(meetingId);
  if (page?.meeting.events !== events || page.lanes.length !== SHAPE.people) throw new Error('the page is not whole');
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** Four of twenty speak at any time, for as long as it takes. */
const SHAPE = { people: 20, hours: 1_000, atOnce: 4, seed: 1 };

function* chunks(events: number): Generator<UndertoneEvent[]> {
  let left = events;
  let chunk: UndertoneEvent[] = [];
  for (const event of meetingEvents(SHAPE)) {
    chunk.push(event);
    left -= 1;
    if (chunk.length < CHUNK && left > 0) continue;
    yield chunk;
    if (left === 0) return;
    chunk = [];
  }
}

const MEETING: NewMeeting = {
  roomId: 'long',
  source: 'call',
  startMs: 0,
  storage: 'events+transcript',
  labels: { labels: ['anger', 'disgust', 'fear', 'joy', 'neutral', 'sadness', 'surprise'] },
  contract: '1.0',
  software: '0.1.0',
};
