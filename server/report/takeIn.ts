import type { MeetingAnalyzer } from '../../plugin/analytics/index.ts';
import { EventSchema } from '../../plugin/events/index.ts';

/** Takes in events as they lie in a store. */
export function takeIn(analyzer: MeetingAnalyzer, lines: readonly string[]): void {
  for (const line of lines) analyzer.add(EventSchema.parse(JSON.parse(line)));
}
