import type { Meeting, MeetingStore } from '../store/StoreTypes.ts';
import type { Eraser } from './Eraser.ts';

async function* meetingsOf(store: MeetingStore, roomId: string | undefined): AsyncGenerator<Meeting> {
  let before: number | undefined;
  for (;;) {
    const page = await store.meetings({
      ...(roomId !== undefined && { roomId }),
      ...(before !== undefined && { before }),
    });
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    before = last.startMs;
  }
}

async function exportFrom(store: MeetingStore, meeting: Meeting, participantId: string): Promise<object | undefined> {
  const { meetingId, roomId, startMs, endMs, storage, noticeVersion, purpose } = meeting;
  const theirs = (await store.participants(meetingId)).find((one) => one.participantId === participantId);
  const events: unknown[] = [];
  for await (const { json } of store.readEvents(meetingId, { participantId })) events.push(JSON.parse(json));
  if (!theirs && events.length === 0) return undefined;
  const presence = (await store.presence(meetingId)).filter((one) => one.participantId === participantId);
  return { meetingId, roomId, startMs, endMs, storage, noticeVersion, purpose, ...theirs, presence, events };
}

/** Meetings on the disk, and whatever reaches further from there. */
export function storedMeetings(store: MeetingStore): Eraser {
  return {
    name: 'stored meetings',
    erase: async (participantId, roomId) => {
      const { places, failures } = await store.eraseParticipant({
        participantId,
        ...(roomId !== undefined && { roomId }),
      });
      const failed = Object.keys(failures ?? {});
      if (failed.length > 0) throw new Error(`cannot be reached: ${failed.join(', ')}`);
      return places;
    },
    export: async (participantId, roomId) => {
      const meetings: object[] = [];
      for await (const meeting of meetingsOf(store, roomId)) {
        const found = await exportFrom(store, meeting, participantId);
        if (found) meetings.push(found);
      }
      return meetings.length > 0 ? meetings : undefined;
    },
  };
}
