import type { Trace } from '../../../plugin/events/trace/TraceTypes.ts';
import { reasonText } from '../view/wording.ts';
import type { LaneProps } from './SoundLanes.tsx';

/** Below this a face is not used: see `FaceShelf`. */
const USABLE = 0.1;

/** The quality of the face in each sampled frame; a cross where there was none. */
export function FaceLane({ subject: { trace }, view, layout, xOf }: LaneProps) {
  const { top, height } = layout.lanes.faces;
  const ground = top + height - 2;
  const yOf = (quality: number) => ground - quality * (height - 5);
  const seen = trace.faces.filter(({ atMs }) => atMs >= view.fromMs && atMs <= view.toMs);
  // Faces closer than this would be a wall: the best of each stretch stands for it.
  const shown = sparse(seen, (atMs) => Math.floor(xOf(atMs) / 4));
  if (trace.faces.length === 0) {
    return (
      <text class="lane-note" x={6} y={top + height / 2 + 4}>
        {whyNone(trace)}
      </text>
    );
  }
  return (
    <>
      <line class="threshold" x1={0} x2={layout.width} y1={yOf(USABLE)} y2={yOf(USABLE)} />
      {shown.map(({ atMs, quality }) => {
        const x = xOf(atMs);
        return quality === null ? (
          <path key={atMs} class="face-none" d={`M${x - 2.5} ${ground - 5}l5 5m0 -5l-5 5`} />
        ) : (
          <g key={atMs} class={quality < USABLE ? 'face face-poor' : 'face'}>
            <line x1={x} x2={x} y1={ground} y2={yOf(quality)} />
            <circle cx={x} cy={yOf(quality)} r={2.2} />
          </g>
        );
      })}
    </>
  );
}

function whyNone({ modalities }: Trace): string {
  const state = modalities.findLast(({ modality }) => modality === 'video');
  if (!state || state.reason === 'no-track') return 'no video';
  return state.available ? 'no picture was looked at' : reasonText(state.reason);
}

function sparse<T extends { atMs: number; quality: number | null }>(
  faces: readonly T[],
  bin: (atMs: number) => number,
): T[] {
  const best = new Map<number, T>();
  for (const face of faces) {
    const key = bin(face.atMs);
    const known = best.get(key);
    if (!known || (face.quality ?? -1) > (known.quality ?? -1)) best.set(key, face);
  }
  return [...best.values()];
}
