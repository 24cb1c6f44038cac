import type { EventType } from '../../plugin/events/contract/v1/types.ts';
import {
  makeLanes,
  toOperations,
  type EventQuery,
  type Lane,
  type Meeting,
  type MeetingPage,
  type PageQuery,
  type MeetingParticipant,
  type MeetingQuery,
  type MeetingReader,
  type Presence,
  type StoredEvent,
} from '../store/index.ts';
import { readSampleMeeting, type SampleMeetingFile } from './meetingFile.ts';

/** Events that say what holds in the meeting: the newest of each kind and participant. */
const STATES: ReadonlySet<EventType> = new Set(['analysis.state', 'overload', 'consent.changed']);
/** Those of which the one that begins last says what holds of a participant. */
const TOLD_BY_THE_NEWEST = ['emotion.final', 'emotion.interim', 'utterance.start', 'utterance.end'] as const;

/**
 * The meeting that ships with Undertone, to be read like one of a store. It is in memory, nothing is ever written, and it is of
 * synthesised speakers alone.
 */
export class SampleMeeting implements MeetingReader {
  readonly #meeting: Meeting;
  readonly #people: readonly MeetingParticipant[];
  readonly #presence: readonly Presence[];
  /** By their place, without a gap. */
  readonly #events: readonly StoredEvent[];
  #lanes: Promise<Lane[]> | undefined;

  constructor({ about, events }: SampleMeetingFile) {
    const { participants, madeFrom: _, ...meeting } = about;
    this.#events = events.flatMap((event, ord) =>
      toOperations(event, ord, 'events+transcript').flatMap((one) => (one.op === 'event' ? [one.event] : [])),
    );
    this.#meeting = {
      ...meeting,
      source: 'sample',
      storage: 'events+transcript',
      visibility: 'room',
      endReason: 'recording-ended',
      lastSeq: this.#events.reduce((highest, { seq = 0 }) => Math.max(highest, seq), 0),
      lastMs: this.#events.reduce((latest, { atMs }) => Math.max(latest, atMs), meeting.startMs),
      events: events.length,
      lost: 0,
    };
    this.#people = participants.map((one) => ({ ...one, role: 'sample' }));
    const presence = (change: Presence['change'], atMs: number, ord: number) =>
      participants.map(({ participantId }): Presence => ({ participantId, change, atMs, ord }));
    this.#presence = [
      ...presence('join', meeting.startMs, 0),
      ...presence('leave', meeting.endMs, this.#events.length),
    ];
  }

  /** @throws MediaFileError when a file of it is missing or malformed */
  static async read(): Promise<SampleMeeting> {
    return new SampleMeeting(await readSampleMeeting());
  }

  get id(): string {
    return this.#meeting.meetingId;
  }

  async meetings({ roomId, before = Infinity, limit = 100 }: MeetingQuery = {}): Promise<Meeting[]> {
    const { startMs, roomId: own } = this.#meeting;
    return limit >= 1 && startMs < before && (roomId ?? own) === own ? [{ ...this.#meeting }] : [];
  }

  async meeting(meetingId: string): Promise<Meeting | undefined> {
    return meetingId === this.id ? { ...this.#meeting } : undefined;
  }

  async participants(meetingId: string): Promise<MeetingParticipant[]> {
    return meetingId === this.id ? this.#people.map((one) => ({ ...one })) : [];
  }

  async presence(meetingId: string): Promise<Presence[]> {
    return meetingId === this.id ? [...this.#presence] : [];
  }

  async events(meetingId: string, { limit = 1_000, ...query }: EventQuery = {}): Promise<StoredEvent[]> {
    return this.#selected(meetingId, query).slice(0, Math.max(0, limit));
  }

  async *readEvents(meetingId: string, query: Omit<EventQuery, 'limit'> = {}): AsyncGenerator<StoredEvent> {
    yield* this.#selected(meetingId, query);
  }

  async ordAt(meetingId: string, atMs: number): Promise<number> {
    if (meetingId !== this.id) return 0;
    return this.#events.find((event) => event.atMs >= atMs)?.ord ?? this.#events.length;
  }

  async standing(meetingId: string, ord: number): Promise<{ events: StoredEvent[]; present: string[] }> {
    if (meetingId !== this.id) return { events: [], present: [] };
    const before = this.#events.slice(0, ord);
    const standing = new Set<StoredEvent>();
    const states = before.filter(({ type }) => STATES.has(type));
    for (const event of Map.groupBy(states, ({ type, participantId }) => `${type} ${participantId}`).values()) {
      standing.add(event.at(-1)!);
    }
    // What began later was not told yet.
    const nowMs = this.#events[ord]?.atMs ?? Infinity;
    for (const { participantId } of this.#people) {
      for (const type of TOLD_BY_THE_NEWEST) {
        const theirs = before.filter(
          (event) => event.participantId === participantId && event.type === type && event.startMs! <= nowMs,
        );
        const newest = theirs.sort((a, b) => a.startMs! - b.startMs! || a.ord - b.ord).at(-1);
        if (newest) standing.add(newest);
      }
    }
    const present = new Set<string>();
    for (const { participantId, change, ord: at } of this.#presence) {
      if (at > ord) break;
      if (change === 'join') present.add(participantId);
      else present.delete(participantId);
    }
    return { events: [...standing].sort((a, b) => a.ord - b.ord), present: [...present] };
  }

  async page(meetingId: string, { modalities = [] }: PageQuery = {}): Promise<MeetingPage | undefined> {
    const meeting = await this.meeting(meetingId);
    if (!meeting) return undefined;
    const { startMs, endMs = startMs } = meeting;
    const finals = this.readEvents(meetingId, { types: ['emotion.final'] });
    const made = () => makeLanes({ startMs, endMs }, finals, modalities);
    const all = modalities.length > 0 ? made() : (this.#lanes ??= made());
    const names = new Map(this.#people.map((one) => [one.participantId, one.displayName!]));
    const lanes = (await all).map((lane) => ({ ...lane, displayName: names.get(lane.participantId)! }));
    return { meeting, participants: await this.participants(meetingId), presence: [...this.#presence], lanes };
  }

  #selected(meetingId: string, { from = 0, to = Infinity, types, participantId }: Omit<EventQuery, 'limit'>) {
    if (meetingId !== this.id) return [];
    return this.#events.filter(
      ({ ord, type, participantId: whose }) =>
        ord >= from &&
        ord < to &&
        (types === undefined || types.includes(type)) &&
        (participantId === undefined || whose === participantId),
    );
  }
}
