import { createHash } from 'node:crypto';
import { escapeHtml } from './escapeHtml.ts';

export interface StandalonePage {
  title: string;
  style: string;
  /** The one script that may run, as it stands in the body; none by default. */
  script?: string;
  /** Said in a comment at the top, such as a licence. */
  comment?: string;
}

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * What stands before and after the body of an HTML file that needs nothing else: it works from a disk, and its own policy
 * forbids it the network and every script but its own.
 */
export function standalonePage({ title, style, script, comment }: StandalonePage): { head: string; foot: string } {
  const policy = [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src ${hash(script)}`]),
    `style-src ${hash(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return {
    head: `<!doctype html>
${comment === undefined ? '' : `<!-- ${comment} -->\n`}<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
`,
    foot: `</body>
</html>
`,
  };
}
