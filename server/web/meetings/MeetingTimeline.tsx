import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MeetingDetail } from '../../../plugin/events/contract/v1/types.ts';
import { gesturesOn } from '../timeline/gestures.ts';
import { formatMs, showing, ticks, within, zoom, type View } from '../timeline/view.ts';
import { labelColors } from '../view/labelColors.ts';
import { percent } from '../view/wording.ts';
import { LaneCanvas } from './LaneCanvas.tsx';
import { Moment } from './Moment.tsx';

const ZOOM = 1.6;
const STEPS = 100;

function fromAddress(bounds: View): { view: View; atMs: number } {
  const query = new URLSearchParams(location.search);
  const number = (name: string, otherwise: number) => {
    const value = Number(query.get(name) ?? NaN);
    return Number.isFinite(value) ? Math.min(bounds.toMs, Math.max(0, value)) : otherwise;
  };
  const [fromMs, toMs] = [number('from', 0), number('to', bounds.toMs)];
  return { view: toMs - fromMs >= 500 ? within({ fromMs, toMs }, bounds) : bounds, atMs: number('t', 0) };
}

/** Lanes of a meeting over a common time, ms from its start, and what was then. */
export function MeetingTimeline({ detail, token }: { detail: MeetingDetail; token?: string }) {
  const { meeting, lanes } = detail;
  const bounds = useMemo<View>(() => ({ fromMs: 0, toMs: Math.max(1, meeting.durationMs) }), [detail]);
  const linked = useMemo(() => fromAddress(bounds), [bounds]);
  const [view, setView] = useState(linked.view);
  const [atMs, setAt] = useState(linked.atMs);
  const [only, setOnly] = useState<string>();
  const labels = lanes[0]?.labels ?? [];
  const colors = useMemo(() => labelColors(labels), [detail]);
  const target = useRef<HTMLDivElement>(null);
  const latest = useRef({ view, bounds });
  latest.current = { view, bounds };
  useEffect(() => {
    const pressed = { now: false };
    const element = target.current!;
    const down = () => (pressed.now = true);
    const up = () => (pressed.now = false);
    element.addEventListener('pointerdown', down, { capture: true });
    element.addEventListener('pointermove', up, { capture: true });
    const stop = gesturesOn(element, () => ({
      ...latest.current,
      left: 0,
      onCursor: (ms) => ms !== undefined && pressed.now && setAt(ms),
      onView: setView,
    }));
    return () => {
      stop();
      element.removeEventListener('pointerdown', down, { capture: true });
      element.removeEventListener('pointermove', up, { capture: true });
    };
  }, []);
  useEffect(() => {
    const query = new URLSearchParams(location.search);
    query.set('t', String(Math.round(atMs)));
    query.set('from', String(Math.round(view.fromMs)));
    query.set('to', String(Math.round(view.toMs)));
    const timer = setTimeout(() => history.replaceState(null, '', `?${query}`), 200);
    return () => clearTimeout(timer);
  }, [atMs, view]);
  const seek = (ms: number) => {
    const next = Math.min(bounds.toMs, Math.max(0, ms));
    setAt(next);
    setView(showing(view, next, bounds));
  };
  const step = (view.toMs - view.fromMs) / STEPS;
  const keys: Record<string, () => void> = {
    ArrowLeft: () => seek(atMs - step),
    ArrowRight: () => seek(atMs + step),
    Home: () => seek(0),
    End: () => seek(bounds.toMs),
    '+': () => setView(zoom(view, ZOOM, atMs, bounds)),
    '=': () => setView(zoom(view, ZOOM, atMs, bounds)),
    '-': () => setView(zoom(view, 1 / ZOOM, atMs, bounds)),
    '0': () => setView(bounds),
  };
  return (
    <>
      <h1>{meeting.title ?? meeting.roomId}</h1>
      {meeting.source === 'sample' && (
        <p>
          <span class="tag">sample</span> Nobody is in it: the speakers are synthesised, the readings are the model’s.
        </p>
      )}
      <p class="quiet">What expression cues suggest; not what anybody felt. Ctrl and wheel or + and − zoom.</p>
      <label class="field meetings-filter">
        Label
        <select class="input" onChange={(event) => setOnly(event.currentTarget.value || undefined)}>
          <option value="">all</option>
          {labels.map((label) => (
            <option key={label}>{label}</option>
          ))}
        </select>
      </label>
      <ul class="meetings-legend">
        {labels.map((label) => (
          <li key={label} class={`label-${colors.get(label) ?? 0}`}>
            <span class="meetings-mark" /> {label}
          </li>
        ))}
      </ul>
      <div
        ref={target}
        class="meeting-lanes"
        role="slider"
        tabIndex={0}
        aria-label="Time in the meeting"
        aria-valuemin={0}
        aria-valuemax={Math.round(bounds.toMs)}
        aria-valuenow={Math.round(atMs)}
        aria-valuetext={formatMs(atMs, 0)}
        data-testid="meeting-timeline"
        onKeyDown={(event) => {
          const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
          if (!act) return;
          event.preventDefault();
          act();
        }}
      >
        {lanes.map((lane) => (
          <div key={lane.participantId} data-testid="meeting-lane">
            <span class="meeting-name">{lane.displayName ?? lane.participantId}</span>
            <LaneCanvas lane={lane} view={view} cursorMs={atMs} colors={colors} {...(only !== undefined && { only })} />
          </div>
        ))}
        <svg class="meeting-axis" viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true">
          {ticks(view, 0, 1000, 50).map(({ atMs: tick }) => {
            const x = ((tick - view.fromMs) / (view.toMs - view.fromMs)) * 1000;
            return <line key={tick} x1={x} x2={x} y1={0} y2={8} />;
          })}
        </svg>
        <div class="meeting-range number">
          <span>{formatMs(view.fromMs, 0)}</span>
          <span>{formatMs(view.toMs, 0)}</span>
        </div>
      </div>
      <Moment detail={detail} atMs={atMs} {...(token !== undefined && { token })} />
      <table class="meetings-table">
        <caption>What expression cues suggest over the whole meeting</caption>
        <thead>
          <tr>
            <th scope="col">Participant</th>
            {labels.map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
            <th scope="col">Speech</th>
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) => (
            <tr key={lane.participantId}>
              <th scope="row">{lane.displayName ?? lane.participantId}</th>
              {labels.map((label, index) => (
                <td key={label}>{lane.p.length > 0 ? percent(lane.p[index] ?? 0) : '–'}</td>
              ))}
              <td>{formatMs(lane.speechMs, 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
