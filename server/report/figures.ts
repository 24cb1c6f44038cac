/** 3723000 as `1:02:03`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** To two places, without zeros at the end. */
export const figure = (value: number): string => String(Number(value.toFixed(2))).replace('-', '−');

export const signed = (value: number): string => (Number(value.toFixed(2)) > 0 ? `+${figure(value)}` : figure(value));
