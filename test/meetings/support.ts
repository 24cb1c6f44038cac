/** A server over a real store, with meetings in it, and tokens of all kinds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import type { ConfigInput, Server } from '../../server/index.ts';
import { toOperations } from '../../server/store/recording/toOperations.ts';
import type { MeetingStore, NewMeeting, StoreOperation } from '../../server/store/index.ts';
import { SECRET, tokenFor } from '../server/host-tokens.ts';
import { openServer } from '../server/support.ts';
import {
  consentEvent,
  finalEvent,
  interimEvent,
  MEETING,
  startEvent,
  stateEvent,
  valid,
} from '../store/support-events.ts';

/** A token of the operator's own making. */
export function signed(sub: string, room: string, ...scope: string[]): Promise<string> {
  return tokenFor(sub, room, scope.length > 0 ? scope : undefined);
}

export interface Kept {
  server: Server;
  store: MeetingStore;
  close(): Promise<void>;
}

export async function serverWithStore(config: ConfigInput = {}): Promise<Kept> {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-meetings-'));
  const server = await openServer({
    tokenSecret: SECRET,
    visibility: 'room',
    storage: 'events+transcript',
    store: { file: join(folder, 'meetings.db') },
    ...config,
  });
  return {
    server,
    store: server.meetings!.store,
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface KeepOptions extends Partial<NewMeeting> {
  /** Who is in it: id and name. */
  people?: Record<string, string>;
  role?: string;
  /** Leaves it running. */
  running?: boolean;
}

const PEOPLE = { ada: 'Ada', grace: 'Grace' };

/** What a call of people who take turns emits: `turns` utterances each, one every 10 s. */
export function talk(people: readonly string[], turns: number, startMs: number, roomId: string): UndertoneEvent[] {
  let seq = 1;
  const events: UndertoneEvent[] = [stateEvent(seq++, startMs + 10)];
  for (const [index, one] of people.entries()) events.push(consentEvent(seq++, startMs + 20 + index, one, true));
  for (let turn = 0; turn < turns * people.length; turn += 1) {
    const participantId = people[turn % people.length]!;
    const at = startMs + 1_000 + turn * 10_000;
    const said = {
      participantId,
      utteranceId: `${participantId}-${turn}`,
      startMs: at,
      endMs: at + 2_000,
      text: `word number ${turn}`,
      happy: ((turn * 37) % 100) / 100,
    };
    events.push(startEvent(seq++, said), interimEvent(900_000 + turn, { ...said, endMs: at + 1_000 }));
    events.push(finalEvent(seq++, said));
  }
  return events.map((event) => valid({ ...event, roomId, eventId: `${roomId}-${startMs}-${event.eventId}` }));
}

/** Puts a meeting into the store; resolves with its id and its events. */
export async function keep(store: MeetingStore, options: KeepOptions = {}, made?: UndertoneEvent[]) {
  const { people = PEOPLE, role = 'speaker', running = false, ...given } = options;
  const meeting: NewMeeting = { ...MEETING, ...given };
  const { startMs, roomId, storage } = meeting;
  const meetingId = await store.begin(meeting);
  const joins = Object.entries(people).map(([participantId, displayName]): StoreOperation => ({
    op: 'presence',
    presence: { participantId, change: 'join', atMs: startMs, ord: 0 },
    displayName,
    role,
  }));
  const events = made ?? talk(Object.keys(people), 3, startMs, roomId);
  await store.write(meetingId, [...joins, ...events.flatMap((event, ord) => toOperations(event, ord, storage))]);
  if (!running) await store.end(meetingId, { endMs: startMs + 60_000, reason: 'empty' });
  return { meetingId, events };
}
