/**
 * A reporter of node:test that writes one JSON line for each test or suite that ended, and one when all of them have, for
 * whoever started the file to count.
 */
import type { TestEvent } from 'node:test/reporters';

export interface Outcome {
  title: string;
  suite: boolean;
  passed: boolean;
  /** Why it did not run, or true where no reason was given. A `todo` counts as not run. */
  skip?: string | boolean;
  /** A suite that failed only because a test in it did. */
  byChildren?: boolean;
}

/** The last line: a file that exits in the middle of its tests does not write it. */
export interface End {
  end: true;
}

export default async function* outcomeReporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path: string[] = [];
  for await (const event of source) {
    if (event.type === 'test:summary') {
      yield `${JSON.stringify({ end: true })}\n`;
      continue;
    }
    if (event.type === 'test:start') {
      path.length = event.data.nesting;
      path.push(event.data.name);
      continue;
    }
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { name, nesting, details, skip, todo } = event.data;
    const error = event.type === 'test:fail' ? (event.data.details.error as { failureType?: string }) : undefined;
    const outcome: Outcome = {
      title: [...path.slice(0, nesting), name].join(' › '),
      suite: details.type === 'suite',
      passed: event.type === 'test:pass',
      skip: skip ?? todo,
      byChildren: error?.failureType === 'subtestsFailed',
    };
    yield `${JSON.stringify(outcome)}\n`;
  }
}
