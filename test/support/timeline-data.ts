import type { TimelineFile } from '../../server/timeline/index.ts';

const BEGIN = '<script type="application/json" id="timeline-data">';

/** The data of a timeline page. */
export function timelineData(html: string): TimelineFile {
  const begin = html.indexOf(BEGIN);
  if (begin === -1 || html.indexOf(BEGIN, begin + 1) !== -1) throw new Error('not one timeline-data in the page');
  return JSON.parse(html.slice(begin + BEGIN.length, html.indexOf('</script>', begin))) as TimelineFile;
}
