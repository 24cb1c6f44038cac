/** What a meeting comes to, for people: as text, as a page, out of a store. */
export { describeReport } from './describeReport.ts';
export { reportPage } from './reportPage.ts';
export { Reports } from './Reports.ts';
export { storedReport } from './storedReport.ts';
