import { createHash } from 'node:crypto';
import type { Config } from '../config/schema.ts';

/** What a participant is told before they are asked. */
export interface Notice {
  /** Sent back with the consent: another text is another question. */
  version: string;
  title: string;
  /** One paragraph each. */
  text: string[];
  visibility: Config['visibility'];
}

/** When the wording was last changed. */
const WORDING = '2026-11';

const ALERTS_TEXT = {
  own: 'Where several of your results in a row suggest something that the host of this call asks for, a message about it goes to a system of the host’s.',
  means:
    'Where averages over the people in this call suggest something that the host asks for, a message about it goes to a system of the host’s. It does not say whose results they are.',
};

/** What webhooks carry out of the call: alerts about single people, about means alone, or nothing. */
function sentOn({ rules, webhooks }: Config['alerts']): keyof typeof ALERTS_TEXT | undefined {
  const sent = rules.filter(({ id }) => webhooks.some((webhook) => webhook.rules?.includes(id) ?? true));
  if (sent.some(({ about }) => about === 'self')) return 'own';
  return sent.length > 0 ? 'means' : undefined;
}

type Told = Pick<Config, 'visibility' | 'analysis' | 'alerts' | 'storage' | 'store' | 'purpose' | 'consent'>;

const USES: Readonly<Record<Config['purpose']['use'], string>> = {
  demo: 'to show how this works',
  'personal-training': 'for training: to look back at how a talk went',
  'customer-care': 'to improve how customers are cared for',
  research: 'for research',
  accessibility: 'for accessibility: to say in words what voices and faces show',
  health: 'for health care',
};

const TITLE = 'May this call look for expression cues?';

function seenBy({ visibility, analysis }: Told): string {
  const people = `more than ${analysis.aggregate.k}`;
  return {
    room: 'Everybody in this call sees your results.',
    granted: 'You see your results, and so do those whom the host of this call allows to.',
    aggregate: `Only you see your results; others see the average of ${people} people, you among them.`,
    self: 'Only you see your results.',
  }[visibility];
}

/** Who answers for it, where whoever runs the server says so. */
function responsible({ controller, contact, privacyUrl }: Told['consent']): string[] {
  const sentences = [
    controller && `Responsible for this analysis: ${controller}.`,
    contact && `Questions, and requests about your data: ${contact}.`,
    privacyUrl && `More about it: ${privacyUrl}`,
  ].filter((sentence) => sentence !== undefined);
  return sentences.length > 0 ? [sentences.join(' ')] : [];
}

/** The notice for this server's settings. Its version follows from its text: there are no two texts with one version. */
export function noticeFor(told: Told): Notice {
  const words = told.analysis.includeTranscript
    ? 'A result carries the words that it rests on.'
    : 'Results do not carry your words.';
  const sent = sentOn(told.alerts);
  const text = [
    'You choose, one by one, whether your voice, your picture and your words are analysed. Nothing is analysed until you say yes, and the call works the same if you say no.',
    `Results say what expression cues suggest, ${USES[told.purpose.use]}. They are estimates about how you sound, look and put things; they are often wrong and do not say what you feel.`,
    `${seenBy(told)} ${words}`,
    ...(sent ? [ALERTS_TEXT[sent]] : []),
    'Sound and picture are analysed on this server while you speak and are never stored. Nobody is recognised by face or voice.',
    ...(told.storage === 'off' ? [] : [keptText(told.storage, told.store.retentionDays)]),
    'You can withdraw at any time with one click: analysis stops at once, and results that rest on what you withdrew are taken back.',
    'What you agreed to, and when, is written down without your name. You can have a copy of what is kept about you, and have it erased.',
    ...responsible(told.consent),
  ];
  const hash = createHash('sha256')
    .update(JSON.stringify([TITLE, ...text]))
    .digest('hex');
  return { version: `${WORDING}-${hash.slice(0, 12)}`, title: TITLE, text, visibility: told.visibility };
}

function keptText(storage: 'events' | 'events+transcript', days: number): string {
  const what = storage === 'events' ? 'Your results, without your words,' : 'Your results and the words they carry';
  return `${what} are kept for up to ${days} ${days === 1 ? 'day' : 'days'} after the call, so that it can be looked at again; you can have them erased before.`;
}
