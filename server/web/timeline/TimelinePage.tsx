import { useEffect, useMemo, useState } from 'preact/hooks';
import type { TimelineFile } from '../../timeline/TimelineFile.ts';
import { labelColors } from '../view/labelColors.ts';
import { labelsOf } from './facts.ts';
import { HowToRead } from './HowToRead.tsx';
import { Overview } from './Overview.tsx';
import { Plot } from './Plot.tsx';
import { PrintedLanes } from './PrintedLanes.tsx';
import { UtteranceTable } from './UtteranceTable.tsx';
import { formatMs, pan, within, zoom, type View } from './view.ts';

const ZOOM = 1.6;
/** Time around a window that was chosen in the table, as a share of it. */
const MARGIN = 0.15;

/** A timeline as a page of its own. */
export function TimelinePage({ file }: { file: TimelineFile }) {
  const { participants, startMs, endMs, title, utterance } = file;
  const bounds = useMemo<View>(() => ({ fromMs: startMs, toMs: Math.max(endMs, startMs + 1) }), [file]);
  const [view, setView] = useState<View>(bounds);
  const [cursorMs, setCursor] = useState<number>();
  const labels = useMemo(() => labelsOf(participants), [file]);
  const colors = useMemo(() => labelColors(labels), [labels]);
  const printing = usePrinting();
  const middle = (view.fromMs + view.toMs) / 2;
  const model = participants.flatMap(({ results }) => results)[0]?.model;
  const windows = participants.reduce((sum, { trace }) => sum + trace.windows.length, 0);
  const lost = participants.reduce((sum, { trace }) => sum + trace.lost, 0);

  const showWindow = (fromMs: number, toMs: number) => {
    const marginMs = Math.max(250, (toMs - fromMs) * MARGIN);
    setView(within({ fromMs: fromMs - marginMs, toMs: toMs + marginMs }, bounds));
    setCursor(fromMs);
  };

  return (
    <main class="timeline">
      <header class="timeline-head">
        <h1>{title}</h1>
        <p class="timeline-facts">
          {formatMs(endMs - startMs, 1)} · {windows} {windows === 1 ? 'window' : 'windows'} ·{' '}
          {model ? `${model.id} ${model.version}` : 'no results'} · silence {utterance.silenceMs} ms, longest{' '}
          {utterance.maxMs / 1_000} s, shortest {utterance.minMs} ms, words awaited {utterance.transcriptGraceMs} ms
        </p>
        {lost > 0 && <p class="timeline-lost">The trace was too long in places: {lost} entries are missing.</p>}
      </header>
      <div class="timeline-tools" role="toolbar" aria-label="Time shown">
        <ToolButton label="Earlier" sign="◀" act={() => setView(pan(view, (view.fromMs - view.toMs) / 2, bounds))} />
        <ToolButton label="Later" sign="▶" act={() => setView(pan(view, (view.toMs - view.fromMs) / 2, bounds))} />
        <ToolButton label="Zoom out" sign="−" act={() => setView(zoom(view, 1 / ZOOM, cursorMs ?? middle, bounds))} />
        <ToolButton label="Zoom in" sign="+" act={() => setView(zoom(view, ZOOM, cursorMs ?? middle, bounds))} />
        <button type="button" class="button button-small" onClick={() => setView(bounds)}>
          All
        </button>
        <output class="number timeline-range" data-testid="timeline-range">
          {formatMs(view.fromMs - startMs, 1)} to {formatMs(view.toMs - startMs, 1)}
        </output>
        <Overview participants={participants} view={view} bounds={bounds} onView={setView} />
      </div>
      <ul class="legend" aria-label="Colours of the labels">
        {labels.map((name) => (
          <li key={name} class={`label-${colors.get(name)}`}>
            <span class="legend-mark" /> {name}
          </li>
        ))}
      </ul>
      {participants.map((subject) => (
        <section key={subject.participantId} class="card subject" aria-label={subject.name}>
          <h2>{subject.name}</h2>
          {printing ? (
            <PrintedLanes subject={subject} bounds={bounds} colors={colors} />
          ) : (
            <Plot
              subject={subject}
              view={view}
              bounds={bounds}
              zeroMs={startMs}
              cursorMs={cursorMs}
              colors={colors}
              onCursor={setCursor}
              onView={setView}
            />
          )}
          <details open>
            <summary>Windows as a table</summary>
            <UtteranceTable
              subject={subject}
              zeroMs={startMs}
              onShow={({ window }) => showWindow(window.startMs, window.endMs ?? endMs)}
            />
          </details>
        </section>
      ))}
      <HowToRead />
    </main>
  );
}

function ToolButton({ label, sign, act }: { label: string; sign: string; act: () => void }) {
  return (
    <button type="button" class="button button-small tool" onClick={act} aria-label={label} title={label}>
      <span aria-hidden="true">{sign}</span>
    </button>
  );
}

/** Whether the page is being printed: then all of it is shown, on white. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const query = matchMedia('print');
    const update = () => {
      document.documentElement.classList.toggle('printing', query.matches);
      if (query.matches) document.documentElement.dataset['theme'] = 'light';
      else delete document.documentElement.dataset['theme'];
      setPrinting(query.matches);
    };
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  return printing;
}
