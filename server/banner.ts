import { cautionsFor } from '../plugin/consent/purpose.ts';
import { refersToLoopback } from './config/loopback.ts';
import type { Server } from './createServer.ts';

const SEEN_BY = {
  room: 'everybody in the room',
  granted: 'each participant, and whom your tokens allow',
  aggregate: 'each participant; means over the room by everybody',
  self: 'each participant alone',
} as const;

const KEPT = {
  off: 'nothing',
  events: 'events of each meeting, without words (docs/storage.md)',
  'events+transcript': 'events of each meeting, with words (docs/storage.md)',
} as const;

/** What is printed once the server is up: where to go, and what is in force. */
export function banner({ config, undertone, url }: Server): string {
  const { provider, providerReason, model } = undertone.stats();
  const { purpose, visibility, tokenSecret } = config;
  const labels = typeof config.labels === 'string' ? config.labels : config.labels.join(', ');
  const basis = purpose.basis ? `, basis ${purpose.basis}` : '';
  const rows: [string, string][] = [
    ['Open', url],
    ['Sample', `${url} has "Watch the sample call": live events without a camera`],
    ...(config.sampleMeeting
      ? [['Meetings', `${url}/meetings has that call as a past meeting`] as [string, string]]
      : []),
    ['Docs', 'README.md, docs/configuration.md'],
    ['Provider', [provider ?? 'unknown', providerReason].filter(Boolean).join(': ')],
    ['Model', model ? `${model.id} ${model.version}, labels ${labels}` : 'unknown'],
    ['Consent', 'nobody is analysed until they say yes, one modality at a time'],
    ['Seen by', SEEN_BY[visibility]],
    ['Kept', KEPT[config.storage]],
    ['Purpose', `${purpose.use}, ${purpose.context}, jurisdiction ${purpose.jurisdiction}${basis}`],
  ];
  for (const caution of cautionsFor(purpose)) rows.push(['Law', caution]);
  rows.push(['Audit', config.consent.auditFile ?? 'in memory; it ends with this process (set consent.auditFile)']);
  if (tokenSecret === undefined)
    rows.push(['Tokens', 'signed with a random secret; they end with this process (set tokenSecret)']);
  if (!refersToLoopback(config.host) && purpose.jurisdiction === 'none') {
    rows.push(['Note', 'others can reach this server: declare purpose.use, .context and .jurisdiction']);
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  return ['', 'Undertone is ready', ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`), ''].join('\n');
}
