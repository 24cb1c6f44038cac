/** Line icons on a grid of 20. Decorative: what they mean is always written beside them or in a label. */
const PATHS = {
  microphone:
    'M10 2.5a2.5 2.5 0 0 1 2.5 2.5v4.5a2.5 2.5 0 0 1-5 0V5A2.5 2.5 0 0 1 10 2.5ZM4.5 9.5a5.5 5.5 0 0 0 11 0M10 15v2.5',
  camera: 'M3.5 5.5h8a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-8a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1ZM12.5 9l5-3v8l-5-3',
  leave: 'M8 3.5H4.5a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1H8M8.5 10H17M13.5 6.5 17 10l-3.5 3.5',
  link: 'M8.5 11.5a3.5 3.5 0 0 0 5 0l2.5-2.5a3.54 3.54 0 0 0-5-5L10 5M11.5 8.5a3.5 3.5 0 0 0-5 0L4 11a3.54 3.54 0 0 0 5 5l1-1',
  labels: 'M3 3.5h6l8 8-5.5 5.5-8.5-8.5v-5ZM6.5 7h.01',
  sun: 'M10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1',
  moon: 'M16.5 11.8A6.8 6.8 0 0 1 8.2 3.5a6.8 6.8 0 1 0 8.3 8.3Z',
  audio: 'M3 8.5v3M6.5 5.5v9M10 3v14M13.5 6v8M17 8.5v3',
  video: 'M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15ZM7.3 8h.01M12.7 8h.01M6.8 12a4 4 0 0 0 6.4 0',
  text: 'M3 5.5h14M3 10h14M3 14.5h8',
  shield: 'M10 2.5 16.5 5v4.5c0 4-2.7 6.7-6.5 8-3.8-1.3-6.5-4-6.5-8V5L10 2.5Z',
  stop: 'M6 6h8v8H6z',
  pause: 'M5.5 4h3v12h-3zM11.5 4h3v12h-3z',
  play: 'M6.5 4v12l9.5-6L6.5 4Z',
  check: 'm4 10.5 4 4 8-9',
  close: 'm5 5 10 10M15 5 5 15',
  warning: 'M10 3 18 16.5H2L10 3ZM10 8v4M10 14.3h.01',
  send: 'M3 10h13M11 5l5 5-5 5',
} as const;

export type IconName = keyof typeof PATHS;

/** Solid shapes. */
const FILLED: ReadonlySet<IconName> = new Set(['play', 'pause', 'stop']);

export function Icon({ name, struck = false }: { name: IconName; struck?: boolean }) {
  return (
    <svg
      class={FILLED.has(name) ? 'icon icon-filled' : 'icon'}
      viewBox="0 0 20 20"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
      {struck && <path class="icon-strike" d="M3.5 3.5l13 13" />}
    </svg>
  );
}
