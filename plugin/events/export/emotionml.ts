import type { EmotionFinal } from '../contract/v1/types.ts';
import { standingFinals, survey, type EventSource, type Overview } from './source.ts';
import { tokensOf } from './xml-token.ts';
import { emptyElement, escapeXml, openTag } from './xml.ts';

const NAMESPACE = 'http://www.w3.org/2009/10/emotionml';
const OWN_NAMESPACE = 'urn:undertone:contract:v1';
const DIMENSIONS = 'undertone-dimensions';
const CHANNELS = { audio: 'voice', video: 'face', text: 'text' } as const;

/** Id of a label set's vocabulary. A hash may begin with a digit, an XML id may not. */
const vocabularyId = (hash: string) => `labels-${hash}`;

type Tokens = ReadonlyMap<string, string>;

/** A label whose name had to be changed keeps the one it was asked by. */
function item([name, token]: [string, string]): string {
  if (name === token) return `    ${emptyElement('item', { name })}\n`;
  const info = `<info><ut:label>${escapeXml(name)}</ut:label></info>`;
  return `    ${openTag('item', { name: token })}${info}</item>\n`;
}

function vocabulary(type: 'category' | 'dimension', id: string, tokens: Tokens): string {
  return `  ${openTag('vocabulary', { type, id })}\n${[...tokens].map(item).join('')}  </vocabulary>\n`;
}

function head(labelSets: ReadonlyMap<string, Tokens>): string {
  const sets = [...labelSets].map(([hash, tokens]) => vocabulary('category', vocabularyId(hash), tokens));
  const dimensions = tokensOf(['sentiment', 'valence', 'arousal', 'dominance']);
  const attributes = { version: '1.0', xmlns: NAMESPACE, 'xmlns:ut': OWN_NAMESPACE, 'dimension-set': `#${DIMENSIONS}` };
  const xml = '<?xml version="1.0" encoding="UTF-8"?>';
  return `${xml}\n${openTag('emotionml', attributes)}\n${sets.join('')}${vocabulary('dimension', DIMENSIONS, dimensions)}`;
}

/** Without an exponent; six digits are more than a score knows. */
const scale = (value: number) => String(Number(value.toFixed(6)));

function info(final: EmotionFinal): string[] {
  const { roomId, participantId, utteranceId, seq, revision, abstained, labelSet, model, transcript } = final;
  const { id: set, kind } = labelSet;
  const { calibration } = model;
  const name = `${model.id}@${model.version}`;
  const result = { roomId, participantId, utteranceId, seq, revision, set, kind, abstained, model: name, calibration };
  return [
    '  <info>',
    `    ${emptyElement('ut:result', result)}`,
    ...(transcript
      ? [
          `    ${openTag('ut:transcript', { 'xml:lang': transcript.lang })}${escapeXml(transcript.text)}</ut:transcript>`,
        ]
      : []),
    '  </info>',
  ];
}

function emotion(final: EmotionFinal, tokens: Tokens): string {
  const { span, modalities, labels, labelSet, sentiment, dimensions } = final;
  const used = (['audio', 'video', 'text'] as const).filter((modality) => modalities[modality].used);
  const through = used.map((modality) => CHANNELS[modality]).join(' ');
  // From -3 to 3 onto EmotionML's scale from 0 to 1.
  const values = { sentiment: (sentiment + 3) / 6, ...dimensions };
  const lines = [
    openTag('emotion', {
      'category-set': `#${vocabularyId(labelSet.hash)}`,
      start: Math.round(span.startMs),
      end: Math.round(span.endMs),
      'expressed-through': through || undefined,
    }),
    ...info(final),
    ...labels.map(({ name, p }) => `  ${emptyElement('category', { name: tokens.get(name), confidence: scale(p) })}`),
    ...Object.entries(values).map(([name, value]) => `  ${emptyElement('dimension', { name, value: scale(value) })}`),
    '</emotion>',
  ];
  return lines.map((line) => `  ${line}\n`).join('');
}

/**
 * EmotionML 1.0: an `<emotion>` for each result that holds. The probability of a label is its `confidence`: EmotionML's
 * `value` is how strong an emotion is, which no score tells. Label sets and dimensions are vocabularies of the document;
 * a label that is no XML token gets a name that is one.
 * @see https://www.w3.org/TR/emotionml/
 */
export async function* writeEmotionMl(source: EventSource): AsyncGenerator<string> {
  const overview: Overview = await survey(source);
  const tokens = new Map([...overview.labelSets].map(([hash, { names }]) => [hash, tokensOf(names)]));
  yield head(tokens);
  for await (const final of standingFinals(source, overview)) yield emotion(final, tokens.get(final.labelSet.hash)!);
  yield '</emotionml>\n';
}
