/** The meetings of a running server: recorded, swept, erased. */
export { Meetings, type MeetingsOptions } from './Meetings.ts';
