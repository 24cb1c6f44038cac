import { ERROR_CODES } from '../../plugin/events/contract/v1/error-codes.ts';
import { escapeHtml } from '../html/escapeHtml.ts';
import { asyncApi, nameOfRef, type AsyncApi, type Message } from './document.ts';
import { exampleOf } from './examples.ts';
import { fieldsOf } from './fields.ts';
import { anchor, inline, table } from './html.ts';

/** Where the page, its style and the document are served. */
export const PATHS = { page: '/docs/events', style: '/docs/events.css', document: '/docs/asyncapi.json' } as const;

/**
 * The event contract as a page for people: every event, request, answer and code, out of the AsyncAPI document. Static, as the
 * content security policy of the server allows no script that builds code, which the renderers at hand do.
 */
export function referencePage(document: AsyncApi = asyncApi()): string {
  const { info, operations, components } = document;
  const events = Object.values(operations)
    .filter(({ action }) => action === 'send')
    .flatMap(({ messages }) => messages.map(nameOfRef));
  const requests = Object.entries(operations).filter(([, { action }]) => action === 'receive');
  const message = (key: string) => section(document, key, components.messages[key]!);
  const link = (name: string) => `<li><a href="#${anchor(name)}">${escapeHtml(name)}</a></li>`;
  const codes = Object.entries(ERROR_CODES).map(([code, { meaning, retryable }]) => [
    `<code>${code}</code>`,
    inline(meaning),
    retryable ? 'later' : 'no',
  ]);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(info.title)} ${info.version}</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="${PATHS.style}">
</head>
<body>
<header>
<h1>${escapeHtml(info.title)} <small>contract ${info.version}</small></h1>
<p>Emotion events of a call, over Socket.IO 4. What is read here is what the server checks:
<a href="${PATHS.document}">AsyncAPI 3 document</a>.</p>
</header>
<nav aria-label="Contents">
<h2>Events</h2><ul>${events.map(link).join('')}</ul>
<h2>Requests</h2><ul>${requests.map(([name]) => link(name)).join('')}</ul>
<h2>Refusals</h2><ul>${link('refusal')}${link('codes')}</ul>
</nav>
<main>
${Object.values(document.channels)
  .map(({ title, description }) => `<h2>${escapeHtml(title)}</h2><p>${inline(description)}</p>`)
  .join('')}
<p>Ignore fields, event types and codes that you do not know: version 1 only grows.</p>
<h2>Events</h2>
${events.map(message).join('\n')}
<h2>Requests</h2>
${requests
  .map(
    ([name, { summary, description = '', messages, reply }]) => `<section class="request">
<h3 id="${anchor(name)}"><a href="#${anchor(name)}">${escapeHtml(name)}</a></h3>
<p>${inline(summary)}</p><p class="muted">${inline(description)}</p>
${[...messages, ...(reply?.messages ?? [])]
  .map(nameOfRef)
  .filter((key) => key !== 'refusal')
  .map(message)
  .join('\n')}
</section>`,
  )
  .join('\n')}
<h2>Refusals</h2>
${message('refusal')}
<h3 id="codes"><a href="#codes">Codes</a></h3>
${table('Codes', ['code', 'what it means', 'again?'], codes)}
</main>
</body>
</html>
`;
}

function section({ components: { schemas } }: AsyncApi, key: string, { title, summary, payload }: Message): string {
  const rows = fieldsOf(payload, schemas).map(({ path, type, required, description }) => [
    `<code>${escapeHtml(path)}</code>`,
    `<code>${escapeHtml(type)}</code>`,
    required ? '' : 'optional',
    inline(description),
  ]);
  const example = exampleOf(key);
  // A request has its heading already.
  const heading = key.endsWith('.request') ? 'The request' : escapeHtml(title);
  return `<article data-message="${escapeHtml(key)}">
<h4 id="${anchor(key)}"><a href="#${anchor(key)}">${heading}</a></h4>
${summary === undefined || key.endsWith('.request') ? '' : `<p>${inline(summary)}</p>`}
${rows.length > 0 ? table(`Fields of ${key}`, ['field', 'type', '', 'what'], rows) : ''}
${example === undefined ? '' : `<details><summary>Example</summary><pre tabindex="0"><code>${escapeHtml(example)}</code></pre></details>`}
</article>`;
}
