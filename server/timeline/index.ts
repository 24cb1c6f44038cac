/** What the windows did, as a page. */
export { pageParts } from './page-parts.ts';
export { timelinePage } from './timelinePage.ts';
export type { TimelineFile, TimelineParticipant } from './TimelineFile.ts';
export { TimelineRecorder } from './TimelineRecorder.ts';
