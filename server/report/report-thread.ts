/** Makes reports. For a long meeting one takes most of a second, which a call's event loop does not have. */
import { parentPort } from 'node:worker_threads';
import { MeetingAnalyzer } from '../../plugin/analytics/index.ts';
import type { ReportReply, ReportRequest } from './report-protocol.ts';
import { takeIn } from './takeIn.ts';

const port = parentPort;
if (!port) throw new Error('report-thread runs as a worker thread');

let analyzer = new MeetingAnalyzer();

function perform(request: ReportRequest): ReportReply {
  if ('options' in request) {
    const report = analyzer.report(request.options);
    // Nothing of the meeting stays.
    analyzer = new MeetingAnalyzer();
    return { report };
  }
  if ('begin' in request) analyzer = new MeetingAnalyzer(request.begin);
  else takeIn(analyzer, request.lines);
  return { done: true };
}

port.on('message', (request: ReportRequest) => {
  let reply: ReportReply;
  try {
    reply = perform(request);
  } catch (error) {
    analyzer = new MeetingAnalyzer();
    reply = { failure: (error as Error).message };
  }
  port.postMessage(reply);
});
