import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import type { ParticipantState } from '../emotion/EmotionState.ts';
import { stripData, type StripData } from '../view/stripData.ts';
import { stripRange } from '../view/stripRange.ts';
import { percent } from '../view/wording.ts';
import { columns, createChart, STRIP_HEIGHT } from './chart.ts';
import { useNow, useStore } from './hooks.ts';
import { theme } from './theme.ts';

interface StripProps {
  name: string;
  finals: ParticipantState['finals'];
  colors: ReadonlyMap<string, number>;
  /** When this page began to look, in wall milliseconds at the SFU. */
  sinceMs: number;
  now: () => number;
}

const TICK_MS = 1_000;

function summary(name: string, finals: StripProps['finals']): string {
  const last = finals.at(-1)?.labels[0];
  if (!last) return `${name}: nothing in the last minutes`;
  return `${name}, last minutes: ${finals.length} readings, the last ${last.name} ${percent(last.p)}`;
}

/** The last minutes of one participant: probabilities of the labels above, sentiment below. */
export function Strip({ name, finals, colors, sinceMs, now }: StripProps) {
  const target = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const shown = useStore(theme);
  const [width, setWidth] = useState(0);
  const nowMs = useNow(TICK_MS, now);
  const firstMs = Math.min(sinceMs, finals[0]?.span.startMs ?? Infinity);
  const { fromMs, toMs } = stripRange(firstMs, nowMs);
  // Blocks that have left the picture cost nothing; they are sorted out when the next one comes.
  const data = useMemo<StripData>(() => stripData(finals, fromMs), [finals]);
  const kind = `${data.stacked}:${data.labels.join('\n')}`;

  useEffect(() => {
    const element = target.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = target.current;
    if (!element || width === 0) return;
    const style = getComputedStyle(element);
    const variable = (variableName: string) => style.getPropertyValue(variableName).trim();
    chart.current = createChart(element, width, data, {
      text: variable('--muted'),
      grid: variable('--line'),
      sentiment: variable('--ink'),
      sentimentArea: variable('--line'),
      abstained: variable('--line-strong'),
      label: (label) => variable(label === 'other' ? '--label-other' : `--label-${colors.get(label) ?? 0}`),
    });
    return () => {
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [kind, shown, width > 0, colors]);

  useEffect(() => {
    if (width > 0) chart.current?.setSize({ width, height: STRIP_HEIGHT });
  }, [width]);

  useEffect(() => {
    chart.current?.setData(columns(data), false);
    chart.current?.setScale('x', { min: fromMs / 1_000, max: toMs / 1_000 });
  }, [data, fromMs, toMs, shown, width, colors]);

  return (
    <figure class="strip" role="img" aria-label={summary(name, finals)} data-testid="strip">
      <div ref={target} class="strip-chart" />
      <span class="strip-name strip-labels">labels</span>
      <span class="strip-name strip-sentiment">sentiment</span>
    </figure>
  );
}
