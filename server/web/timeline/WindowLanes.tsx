import type { PlacedWord } from '../../../plugin/events/trace/TraceTypes.ts';
import type { UtteranceRow } from './facts.ts';
import { fitting } from './fitting.ts';
import type { LaneProps } from './SoundLanes.tsx';
import { closedBy } from './wording.ts';

/** Px that words are told apart by at their sides. */
const WORD_GAP = 1;

/** The windows with what closed them, and below them the words, marked like the window that they went to. */
export function WindowLanes({ subject: { trace }, view, layout, xOf, rows }: LaneProps & { rows: UtteranceRow[] }) {
  const { windows: lane, words: wordLane } = layout.lanes;
  const tones = new Map(rows.map(({ window }, i) => [window.utteranceId, i % 2]));
  const seen = (startMs: number, endMs: number) => endMs > view.fromMs && startMs < view.toMs;
  const reachedMs = Math.max(
    view.fromMs,
    ...trace.frames.slice(-1).map((run) => run.startMs + run.frameMs * run.level.length),
  );

  return (
    <>
      {rows.map(({ window, words }) => {
        const { utteranceId, startMs, endMs = Math.max(startMs, reachedMs), closed, discarded } = window;
        if (!seen(startMs, Math.max(endMs, closed?.atMs ?? 0))) return null;
        const [x, endX] = [xOf(startMs), xOf(endMs)];
        const tone = `tone-${tones.get(utteranceId)}`;
        return (
          <g key={utteranceId} class={tone} data-utterance={utteranceId}>
            {closed && closed.atMs > endMs && (
              <path class="wait" d={`M${endX} ${lane.top + lane.height / 2}H${xOf(closed.atMs)}m0 -4v8`} />
            )}
            <rect
              class={`window ${discarded ? 'window-discarded' : ''} window-by-${window.opened.by}`}
              x={x}
              y={lane.top + 1}
              width={Math.max(2, endX - x)}
              height={lane.height - 2}
              rx={3}
            />
            <Label x={x} endX={endX} y={lane.top + 15} text={closedBy(window)} width={layout.width} />
            <Words words={words} xOf={xOf} top={wordLane.top} height={wordLane.height} width={layout.width} />
          </g>
        );
      })}
      <g class="tone-lost">
        <Words
          words={trace.words.filter(({ utteranceId, startMs, endMs }) => utteranceId === null && seen(startMs, endMs))}
          xOf={xOf}
          top={wordLane.top}
          height={wordLane.height}
          width={layout.width}
        />
      </g>
    </>
  );
}

/** A text at the left of what of it is in view. */
function Label({ x, endX, y, text, width }: { x: number; endX: number; y: number; text: string; width: number }) {
  const from = Math.max(0, x) + 5;
  const shown = fitting(text, Math.min(width, endX) - from - 2);
  return shown === '' ? null : (
    <text class="window-text" x={from} y={y}>
      {shown}
    </text>
  );
}

interface WordsProps {
  words: readonly PlacedWord[];
  xOf: (ms: number) => number;
  top: number;
  height: number;
  width: number;
}

/** Each word in its own time where there is room for that; else all as one text in the time of all. */
function Words({ words, xOf, top, height, width }: WordsProps) {
  if (words.length === 0) return null;
  const boxes = words.map((word) => ({ ...word, x: xOf(word.startMs), endX: xOf(word.endMs) }));
  const inView = boxes.filter(({ x, endX }) => endX > 0 && x < width);
  const fit = inView.filter(({ text, x, endX }) => fitting(text, endX - x - 2) === text);
  const apart = fit.length >= inView.length * 0.75;
  const lost = words[0]!.utteranceId === null;
  return (
    <>
      {inView.map(({ text, startMs, final, x, endX }) => (
        <g key={`${startMs} ${text}`} class={final ? 'word' : 'word word-interim'}>
          <rect
            class="word-mark"
            x={x + WORD_GAP / 2}
            y={top + height - 4}
            width={Math.max(1, endX - x - WORD_GAP)}
            height={3}
          />
          {apart && (
            <text class="word-text" x={x + 1} y={top + height - 8}>
              {fitting(text, endX - x)}
            </text>
          )}
        </g>
      ))}
      {!apart && !lost && <AllWords boxes={boxes} y={top + height - 8} width={width} />}
    </>
  );
}

function AllWords({
  boxes,
  y,
  width,
}: {
  boxes: { text: string; x: number; endX: number }[];
  y: number;
  width: number;
}) {
  const from = Math.max(0, boxes[0]!.x);
  const endX = Math.min(width, boxes.at(-1)!.endX);
  const shown = fitting(boxes.map(({ text }) => text).join(' '), endX - from);
  return shown === '' ? null : (
    <text class="word-text" x={from} y={y}>
      {shown}
    </text>
  );
}
