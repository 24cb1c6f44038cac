/** Px of a character, on average, in the small print of the lanes. */
const CHARACTER_PX = 6;

/** As much of a text as there is room for; nothing where that would be too little to tell anything. */
export function fitting(text: string, px: number): string {
  const room = Math.floor(px / CHARACTER_PX);
  if (text.length <= room) return text;
  return room < 4 ? '' : `${text.slice(0, room - 1).trimEnd()}…`;
}
