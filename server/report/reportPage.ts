import type { MeetingReport, ParticipantReport } from '../../plugin/index.ts';
import { escapeHtml as escape } from '../html/escapeHtml.ts';
import { standalonePage } from '../html/standalonePage.ts';
import { NOT_MEANT, rowsOf, whyWithheld } from './describeReport.ts';
import { clock, percent } from './figures.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { margin: 2rem 0; break-inside: avoid; }
th { text-align: left; vertical-align: top; padding: 0 1rem 0 0; white-space: nowrap; font-weight: 600; }
td { padding: 0; }
svg { display: block; width: 100%; height: 2.5rem; margin: .25rem 0 0; }
svg.trend { height: 4rem; }
figcaption, .note { font-size: .875rem; }
.c0 { fill: #0072b2; } .c1 { fill: #e69f00; } .c2 { fill: #009e73; } .c3 { fill: #cc79a7; }
.c4 { fill: #56b4e9; } .c5 { fill: #d55e00; } .c6 { fill: #b3a800; } .c7 { fill: #7f7f7f; }
.none { fill: color-mix(in srgb, CanvasText 12%, Canvas); }
.middle { stroke: color-mix(in srgb, CanvasText 40%, Canvas); stroke-width: .5; }
.key { display: inline-block; width: .8rem; height: .8rem; margin-right: .3rem; }
@media (max-width: 40rem) { th, td { display: block; } th { padding-top: .5rem; } }
`;
const COLOURS = 8;

/** A report as one HTML file without any script; its own policy forbids it the network. */
export function reportPage(report: MeetingReport): string {
  const title = `Meeting ${report.roomId ?? ''}`;
  const { head, foot } = standalonePage({ title: `${title} · Undertone report`, style: STYLE });
  return `${head}<main>
<h1>${escape(title)}</h1>
<p>${clock(report.lengthMs)} long. Everything below is what expression cues suggest, by a model.</p>
<p class="note">${escape(NOT_MEANT)}</p>
${report.participants.map((one) => section(one, report)).join('\n')}
${report.withheld.map((one) => `<p class="note">${escape(whyWithheld(one))}</p>`).join('\n')}
</main>
${foot}`;
}

function section(one: ParticipantReport, report: MeetingReport): string {
  const rows = rowsOf(one, report).map(
    ([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`,
  );
  return `<section>
<h2>${escape(one.participantId)}</h2>
<table>${rows.join('\n')}</table>
${one.expressions.map(shareStrip).join('\n')}
${one.scales
  .filter(({ name }) => name === 'sentiment')
  .map((scale) => sentimentTrend(scale, report))
  .join('\n')}
</section>`;
}

/** How the speech with a result divides over the labels. */
function shareStrip({ labelSet, labels, unclearShare }: ParticipantReport['expressions'][number]): string {
  if (labelSet.kind === 'dimensional') return '';
  let at = 0;
  const parts = labels.flatMap(({ name, share }, index) => {
    if (!share) return [];
    const rect = `<rect class="c${index % COLOURS}" x="${round(at)}" y="0" width="${round(share * 100)}" height="10"><title>${escape(name)} ${percent(share)}</title></rect>`;
    at += share * 100;
    return [{ rect, name, share, index }];
  });
  const text = parts.map(({ name, share }) => `${name} ${percent(share)}`).join(', ');
  const keys = parts.map(({ name, index }) => `${swatch(`c${index % COLOURS}`)}${escape(name)}`);
  return `<figure><svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${escape(`${text}, not clear ${percent(unclearShare)}`)}">
<rect class="none" x="0" y="0" width="100" height="10"></rect>${parts.map(({ rect }) => rect).join('')}</svg>
<figcaption>Part of the speech in which cues suggest: ${[...keys, `${swatch('none')}not clear`].join(' ')}</figcaption></figure>`;
}

const swatch = (colour: string) =>
  `<svg class="key" viewBox="0 0 10 10" aria-hidden="true"><rect class="${colour}" width="10" height="10"></rect></svg>`;

/** Mean sentiment of each stretch, as bars from the middle. */
function sentimentTrend(
  { bins }: ParticipantReport['scales'][number],
  { span, lengthMs, binMs }: MeetingReport,
): string {
  const startMs = span?.startMs ?? 0;
  const wholeMs = Math.max(binMs, Math.ceil(lengthMs / binMs) * binMs);
  const bars = bins.map(({ startMs: at, mean, results }) => {
    const height = (Math.abs(mean) / 3) * 20;
    const x = ((at - startMs) / wholeMs) * 100;
    const title = `${clock(at - startMs)}: ${mean.toFixed(1)}, of ${results}`;
    return `<rect class="${mean < 0 ? 'c5' : 'c0'}" x="${round(x)}" y="${round(mean < 0 ? 20 : 20 - height)}" width="${round((binMs / wholeMs) * 96)}" height="${round(height)}"><title>${title}</title></rect>`;
  });
  return `<figure><svg class="trend" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label="Sentiment over the meeting; the table has its mean">
<line class="middle" x1="0" x2="100" y1="20" y2="20"></line>${bars.join('')}</svg>
<figcaption>Sentiment from −3 to 3, means of ${Math.round(binMs / 60_000)} min; nothing is drawn where there is no clear result.</figcaption></figure>`;
}

const round = (value: number) => Number(value.toFixed(2));
