import type { EventSource } from '../../../plugin/events/index.ts';
import { gather, type Gathered } from './gather.ts';
import { escapeHtml } from '../../html/escapeHtml.ts';
import { standalonePage } from '../../html/standalonePage.ts';
import { clock } from './figures.ts';
import { legend, personStrip, talkTable, utteranceTable, type Frame } from './parts.ts';
import { colorsOf, REPORT_STYLE } from './style.ts';

export interface ReportAbout {
  title: string;
  /** Beginning of the recording on the clock of the events, ms. */
  startedMs: number;
  lengthMs: number;
  /** Everybody in the recording, in the order in which they are shown. */
  participants: readonly { participantId: string; name: string }[];
  /** Whether the report shows what was said. */
  withWords: boolean;
  /** What was left out, in sentences. */
  notes: readonly string[];
}

const COLORS = Array.from({ length: 10 }, (_, i) => `.k${i}{background:var(--c${i})}.f${i}{fill:var(--c${i})}`).join(
  '',
);
const STYLE = `${REPORT_STYLE}${COLORS}.kn{background:var(--none)}.fn{fill:var(--none)}`;

/**
 * A report of a recording as one HTML file that needs nothing else: no script, no network, which its own policy forbids. It
 * shows everybody beside everybody, in the order in which they were given; nobody is ranked.
 */
export async function* reportPage(source: EventSource, about: ReportAbout): AsyncGenerator<string> {
  const gathered = await gather(source, about.participants, about.withWords);
  const { startedMs, lengthMs } = about;
  const frame: Frame = { startedMs, lengthMs: Math.max(1, lengthMs), colors: colorsOf(gathered.labels) };
  const { head, foot } = standalonePage({ title: `${about.title} · Undertone report`, style: STYLE });
  yield `${head}<main>
<header><h1>${escapeHtml(about.title)}</h1><p>${clock(lengthMs)} with ${people(about.participants.length)}. What expression cues suggest; not what anybody feels.</p></header>
<section aria-labelledby="talk"><h2 id="talk">Talk time and coverage</h2><p class="note">Clear enough: share of the talk time with a result that says something. Voice, face, words: share of the talk time in which they could be used.</p>${talkTable(gathered)}</section>
<section aria-labelledby="time"><h2 id="time">Expressions over time</h2><p class="note">Each block is an utterance in the colour of what its cues suggest most, paler where that is less sure. Below, the mean over the talk time.</p>${legend(gathered, frame)}${gathered.participants.map((person) => personStrip(person, frame)).join('')}<details><summary>All utterances as a table</summary>`;
  yield* utteranceTable(gathered, frame, about.withWords);
  yield `</details></section>
${method(gathered, about)}
</main>
${foot}`;
}

function people(count: number): string {
  return count === 1 ? 'one participant' : `${count} participants`;
}

function method({ models, labelSets }: Gathered, { notes }: ReportAbout): string {
  const left = notes.length > 0 ? `<dt>Left out</dt><dd>${notes.map(escapeHtml).join('<br>')}</dd>` : '';
  return `<section aria-labelledby="method"><h2 id="method">Method and limits</h2><dl>
<dt>Model</dt><dd>${escapeHtml(models.join(', ') || 'no results')}</dd>
<dt>Labels</dt><dd>${escapeHtml(labelSets.join(', ') || 'no results')}</dd>
<dt>How</dt><dd>Each participant’s speech is cut into utterances, each of which is scored from voice, face and words, as far as they were there, by the same pipeline as in a live call.</dd>
<dt>Confidence</dt><dd>The calibrated probability that people who labelled similar recordings would choose this label. It holds over many results, not for one result or one person, and is not how strong an expression was.</dd>
<dt>Not clear enough</dt><dd>Below the model’s threshold; such results are in no mean.</dd>
<dt>Limits</dt><dd>A model that learned from recordings of other people: accents, languages, cultures, disabilities and recording conditions that it saw little of are read worse. Figures of different people cannot be compared as if they were measured alike, and must not decide about anybody.</dd>
${left}</dl></section>`;
}
