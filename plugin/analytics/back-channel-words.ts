/** What listeners say to show that they listen, in some languages of calls; compared in lower case, without marks. */
const WORDS: ReadonlySet<string> = new Set(
  [
    'mhm mm mmm hm hmm hmhm aha ah oh uh huh uhhuh yeah yep yes yup no ok okay right sure wow i see',
    'ja jo nein genau klar stimmt achso ach so doch',
    'oui ouais voilà exact si sí claro vale vero certo già sim pois é',
    'да угу ага так はい うん ええ へえ 嗯 对 好',
  ]
    .join(' ')
    .split(' '),
);

const MAX_WORDS = 3;
const SEPARATORS = /[^\p{L}\p{N}]+/u;

/** Whether a text is nothing but one to three such words; undefined where there are no words to go by. */
export function isBackChannel(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  const words = text
    .slice(0, 80)
    .toLowerCase()
    .replaceAll(/['’-]/g, '')
    .split(SEPARATORS)
    .filter((word) => word !== '');
  if (words.length === 0) return undefined;
  return words.length <= MAX_WORDS && words.every((word) => WORDS.has(word));
}
