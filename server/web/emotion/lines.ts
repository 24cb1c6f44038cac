import type { Reading, TranscriptLine } from './EmotionState.ts';

/** Enough for an hour of lively talk. */
const MAX_LINES = 2_000;

type Lines = readonly TranscriptLine[];

/** Adds a line at its place in time, or replaces that of the same utterance. */
function put(lines: Lines, line: TranscriptLine): Lines {
  const others = lines.filter(({ utteranceId }) => utteranceId !== line.utteranceId);
  const after = others.findLastIndex(({ startMs }) => startMs <= line.startMs) + 1;
  return [...others.slice(0, after), line, ...others.slice(after)].slice(-MAX_LINES);
}

function find(lines: Lines, id: string): TranscriptLine | undefined {
  return lines.find(({ utteranceId }) => utteranceId === id);
}

export function openLine(lines: Lines, utteranceId: string, participantId: string, startMs: number): Lines {
  if (find(lines, utteranceId)) return lines;
  return put(lines, { utteranceId, participantId, startMs, status: 'open' });
}

/** The utterance is over; its result may still be on its way. */
export function closeLine(lines: Lines, id: string): Lines {
  const line = find(lines, id);
  return line?.status === 'open' ? put(lines, { ...line, status: 'closed' }) : lines;
}

export function readLine(lines: Lines, reading: Reading): Lines {
  const { utteranceId, participantId, span } = reading;
  const status = reading.type === 'emotion.final' ? 'closed' : (find(lines, utteranceId)?.status ?? 'open');
  return put(lines, { utteranceId, participantId, startMs: span.startMs, status, reading });
}

/** Results and words go; that something was taken back stays visible. */
export function withdrawLines(lines: Lines, ids: ReadonlySet<string>): Lines {
  return lines.map(({ utteranceId, participantId, startMs, ...rest }) =>
    ids.has(utteranceId)
      ? { utteranceId, participantId, startMs, status: 'withdrawn' }
      : { utteranceId, participantId, startMs, ...rest },
  );
}
