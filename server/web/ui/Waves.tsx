/** Half a period, as wide and as high as given, drawn as often as fits twice into the picture. */
function wave(periodWidth: number, height: number, y: number): string {
  const half = periodWidth / 2;
  const count = Math.ceil(2_880 / half) + 2;
  const control = half * 0.3642;
  let up = -1;
  let path = `M0 ${y}`;
  for (let index = 0; index < count; index += 1) {
    path += `c${control} ${up * height} ${half - control} ${up * height} ${half} 0`;
    up = -up;
  }
  return path;
}

const LAYERS = [
  { period: 480, height: 62, y: 84 },
  { period: 720, height: 44, y: 112 },
  { period: 360, height: 22, y: 140 },
  { period: 960, height: 58, y: 150 },
];

/** The motif: one voice and what moves beneath it. Decoration. */
export function Waves() {
  return (
    <svg class="waves" viewBox="0 0 1440 220" preserveAspectRatio="none" aria-hidden="true">
      {LAYERS.map(({ period, height, y }, index) => (
        <path key={period} class={`wave wave-${index}`} d={wave(period, height, y)} />
      ))}
    </svg>
  );
}
