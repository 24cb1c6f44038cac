import type { MeetingStore } from './StoreTypes.ts';

/** What there is to read of meetings that were kept, wherever they are. */
export type MeetingReader = Pick<
  MeetingStore,
  'meetings' | 'meeting' | 'participants' | 'presence' | 'events' | 'readEvents' | 'ordAt' | 'standing' | 'page'
>;
