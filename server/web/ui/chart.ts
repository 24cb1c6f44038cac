import uPlot from 'uplot';
import type { StripData } from '../view/stripData.ts';

/** The part of the height below the ground line, in which sentiment is drawn. */
const SENTIMENT_SHARE = 0.28;
/** The part between the two lanes, for the name of the lower one. */
const GAP_SHARE = 0.13;
const BELOW = SENTIMENT_SHARE + GAP_SHARE;
const SENTIMENT_LIMIT = 3;
export const STRIP_HEIGHT = 132;
/** Share of the width at each end where the name of a time would not fit. */
const EDGE_SHARE = 0.09;

const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

export interface ChartColors {
  text: string;
  grid: string;
  abstained: string;
  sentiment: string;
  sentimentArea: string;
  /** By name of a label. */
  label: (name: string) => string;
}

/** Two lanes in one plot: probabilities from 0 to 1 above, sentiment from -3 to 3 below. */
const scales: uPlot.Scales = {
  x: { time: true, auto: false },
  p: { auto: false, range: [-BELOW / (1 - BELOW), 1.02] },
  s: { auto: false, range: [-SENTIMENT_LIMIT, -SENTIMENT_LIMIT + (2 * SENTIMENT_LIMIT) / SENTIMENT_SHARE] },
};

/** Makes the chart for the labels of `data`; further data of the same labels goes in by {@link columns}. */
export function createChart(target: HTMLElement, width: number, data: StripData, colors: ChartColors): uPlot {
  const layers: uPlot.Series[] = data.labels.map((name) => {
    const color = colors.label(name);
    // The uppermost layer comes first and the lower ones cover it.
    return {
      scale: 'p',
      points: { show: false },
      ...(data.stacked ? { fill: color, width: 0 } : { stroke: color, width: 2 }),
    };
  });
  if (data.stacked) layers.reverse();
  const font = `11px ${getComputedStyle(target).fontFamily}`;
  return new uPlot(
    {
      width,
      height: STRIP_HEIGHT,
      padding: [2, 2, 0, 2],
      cursor: { show: false },
      legend: { show: false },
      scales,
      axes: [
        {
          stroke: colors.text,
          font,
          size: 20,
          gap: 2,
          space: 84,
          grid: { show: false },
          ticks: { stroke: colors.grid, width: 1, size: 3 },
          values: ({ scales: { x } }, splits) => {
            const [min = 0, max = 0] = [x?.min, x?.max].map((edge) => edge ?? 0);
            const margin = EDGE_SHARE * (max - min);
            const fits = (seconds: number) => seconds > min + margin && seconds < max - margin;
            return splits.map((seconds) => (fits(seconds) ? time.format(seconds * 1_000) : ''));
          },
        },
        {
          scale: 'p',
          side: 3,
          size: 0,
          splits: () => [0, 1],
          values: () => ['', ''],
          grid: { stroke: colors.grid, width: 1 },
          ticks: { show: false },
        },
        {
          scale: 's',
          side: 1,
          size: 0,
          splits: () => [0],
          values: () => [''],
          grid: { stroke: colors.grid, width: 1, dash: [2, 3] },
          ticks: { show: false },
        },
      ],
      series: [
        {},
        ...layers,
        {
          scale: 's',
          stroke: colors.sentiment,
          fill: colors.sentimentArea,
          fillTo: () => 0,
          width: 2,
          points: { show: false },
        },
        { scale: 'p', stroke: colors.abstained, width: 2, dash: [3, 3], points: { show: false } },
      ],
    },
    columns(data),
    target,
  );
}

export function columns({ x, edges, sentiment, abstained, stacked }: StripData): uPlot.AlignedData {
  return [x, ...(stacked ? edges.toReversed() : edges), sentiment, abstained];
}
