/** Characters that XML 1.0 does not allow, however they are written; lone surrogates are among them. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // As they are, a reader makes spaces of them in an attribute.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text as it may stand between tags and in attributes with double quotes. What XML cannot carry becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text.replaceAll(FORBIDDEN, '\u{fffd}').replaceAll(/[&<>"\t\n\r]/g, (char) => ENTITIES[char]!);
}

/** An element without content; attributes without a value are left out. */
export function emptyElement(name: string, attributes: Readonly<Record<string, string | number | undefined>>): string {
  return `${openTag(name, attributes).slice(0, -1)}/>`;
}

export function openTag(name: string, attributes: Readonly<Record<string, string | number | undefined>>): string {
  const parts = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  return `<${name}${parts.join('')}>`;
}
