import type { Gathered, Said, Summary } from './gather.ts';
import { escapeHtml as text } from '../../html/escapeHtml.ts';
import { clock, percent } from './figures.ts';

export interface Frame {
  /** On the clock of the events. */
  startedMs: number;
  lengthMs: number;
  /** Colour of each label. */
  colors: ReadonlyMap<string, number>;
}

const USED = { audio: 'voice', video: 'face', text: 'words' } as const;
const SHARES = 1_000;

/** Who talked how much, and how far the results go. */
export function talkTable({ participants }: Gathered): string {
  const most = Math.max(1, ...participants.map(({ talkMs }) => talkMs));
  const all = Math.max(
    1,
    participants.reduce((sum, { talkMs }) => sum + talkMs, 0),
  );
  const rows = participants.map(({ name, talkMs, readMs, said, used, confidence }) => {
    const bar = `<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${((talkMs / most) * 100).toFixed(1)}" height="8"></rect></svg>`;
    return `<tr><th scope="row">${text(name)}</th><td class="talk">${bar}</td><td class="n">${clock(talkMs)}</td><td class="n">${percent(talkMs / all)}</td><td class="n">${said.length}</td><td class="n">${talkMs > 0 ? percent(readMs / talkMs) : '–'}</td><td class="n">${confidence === undefined ? '–' : percent(confidence)}</td><td class="n">${percent(used.audio)}</td><td class="n">${percent(used.video)}</td><td class="n">${percent(used.text)}</td></tr>`;
  });
  const heads = ['Talk time', 'Share', 'Utterances', 'Clear enough', 'Confidence', 'Voice', 'Face', 'Words'];
  return `<div class="scroll" tabindex="0" role="region" aria-label="Talk time and coverage"><table><thead><tr><th scope="col">Participant</th><td></td>${heads.map((head) => `<th scope="col" class="n">${head}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

/** Which colour is which label. */
export function legend({ labels }: Gathered, { colors }: Frame): string {
  const items = labels.map((label) => `<li><span class="k${colors.get(label)}"></span>${text(label)}</li>`);
  return `<ul class="legend">${items.join('')}<li><span class="kn"></span>not clear enough to say</li></ul>`;
}

/** A participant's utterances over time, and what they suggest on the whole. */
export function personStrip(person: Summary, frame: Frame): string {
  const { name, said, shares, talkMs } = person;
  const sorted = [...shares].sort((a, b) => b[1] - a[1]);
  const leading = sorted
    .slice(0, 3)
    .map(([label, p]) => `${label} ${percent(p)}`)
    .join(', ');
  const summary = sorted.length === 0 ? 'nothing clear enough to say' : `on the whole ${leading}`;
  const half = clock(frame.lengthMs / 2);
  return `<div class="person"><h3>${text(name)}<span>${clock(talkMs)} of talk; ${text(summary)}</span></h3><svg class="strip" viewBox="0 0 ${SHARES} 10" preserveAspectRatio="none" role="img" aria-label="${text(name)}: ${said.length} utterances over ${clock(frame.lengthMs)}; ${text(summary)}">${said.map((one) => block(one, frame)).join('')}</svg><div class="axis" aria-hidden="true"><span>0:00</span><span>${half}</span><span>${clock(frame.lengthMs)}</span></div>${shareBar(sorted, frame)}</div>`;
}

function block({ startMs, endMs, label, confidence }: Said, { startedMs, lengthMs, colors }: Frame): string {
  const x = ((startMs - startedMs) / lengthMs) * SHARES;
  const width = Math.max(0.8, ((endMs - startMs) / lengthMs) * SHARES);
  const what = label === undefined ? 'not clear enough to say' : `cues suggest ${label} ${percent(confidence)}`;
  const opacity = label === undefined ? 1 : 0.45 + 0.55 * confidence;
  const title = `${clock(startMs - startedMs)} ${what}`;
  return `<rect class="${label === undefined ? 'fn' : `f${colors.get(label)}`}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" y="0" height="10" opacity="${opacity.toFixed(2)}"><title>${text(title)}</title></rect>`;
}

function shareBar(shares: readonly [string, number][], { colors }: Frame): string {
  if (shares.length === 0) return '';
  const all = shares.reduce((sum, [, p]) => sum + p, 0) || 1;
  let x = 0;
  const rects = shares.map(([label, p]) => {
    const width = (p / all) * SHARES;
    const rect = `<rect class="f${colors.get(label)}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" y="0" height="10"><title>${text(label)} ${percent(p)}</title></rect>`;
    x += width;
    return rect;
  });
  const told = shares.map(([label, p]) => `${label} ${percent(p)}`).join(', ');
  return `<svg class="share" viewBox="0 0 ${SHARES} 10" preserveAspectRatio="none" role="img" aria-label="${text(told)}">${rects.join('')}</svg>`;
}

/** Everything that the strips show, as text; piece by piece, since a long meeting has many. */
export function* utteranceTable(
  { participants }: Gathered,
  { startedMs }: Frame,
  withWords: boolean,
): Generator<string> {
  const all = participants
    .flatMap(({ name, said }) => said.map((one) => ({ name, ...one })))
    .sort((a, b) => a.startMs - b.startMs);
  const heads = [
    'Time',
    'Participant',
    'Cues suggest',
    'Confidence',
    'Sentiment',
    'Rests on',
    ...(withWords ? ['Words'] : []),
  ];
  yield `<div class="scroll" tabindex="0" role="region" aria-label="All utterances"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join('')}</tr></thead><tbody>`;
  for (const { name, startMs, label, confidence, sentiment, used, text: words } of all) {
    const rests = (['text', 'audio', 'video'] as const)
      .filter((modality) => used[modality])
      .map((modality) => USED[modality]);
    yield `<tr><td class="n">${clock(startMs - startedMs)}</td><th scope="row">${text(name)}</th><td>${label === undefined ? 'not clear enough to say' : text(label)}</td><td class="n">${percent(confidence)}</td><td class="n">${sentiment >= 0 ? '+' : '−'}${Math.abs(sentiment).toFixed(1)}</td><td>${rests.join(', ') || 'nothing'}</td>${withWords ? `<td class="words">${text(words ?? '')}</td>` : ''}</tr>`;
  }
  yield '</tbody></table></div>';
}
