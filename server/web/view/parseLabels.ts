const MAX_LABELS = 64;
const MAX_LENGTH = 80;

/**
 * Reads labels as people write them: `engaged, confused, bored`.
 * @returns the labels, or a sentence about what is wrong
 */
export function parseLabels(text: string): string[] | string {
  const labels = [...new Set(text.split(/[,;\n]/).map((label) => label.trim().replace(/\s+/g, ' ')))].filter(Boolean);
  if (labels.length < 2) return 'Write at least two words or phrases, separated by commas.';
  if (labels.length > MAX_LABELS) return `These are ${labels.length} labels; at most ${MAX_LABELS} are possible.`;
  const long = labels.find((label) => label.length > MAX_LENGTH);
  return long ? `“${long.slice(0, 20)}…” is longer than ${MAX_LENGTH} characters.` : labels;
}
