import { escapeHtml } from '../html/escapeHtml.ts';

/** Text with `code` in it, as descriptions of the contract are written. */
export function inline(text: string): string {
  return escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

/** For `id` and links: `emotion.final` stays, anything odd goes. */
export function anchor(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '-');
}

/** A table that scrolls by itself where the screen is narrow, and can be reached by the keyboard to do so. */
export function table(label: string, names: readonly string[], all: readonly (readonly string[])[]): string {
  // A column in which nothing stands says nothing.
  const told = names.map((_, column) => all.some((row) => row[column] !== ''));
  const [head = [], ...rows] = [names, ...all].map((row) => row.filter((_, column) => told[column]));
  const cells = (tag: string, row: readonly string[]) => row.map((cell) => `<${tag}>${cell}</${tag}>`).join('');
  const body = rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('\n');
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(label)}"><table>
<thead><tr>${cells('th', head)}</tr></thead>
<tbody>${body}</tbody>
</table></div>`;
}
