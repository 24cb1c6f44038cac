/** How a report looks: light and dark as the system is, and on paper. */
const LIGHT = [
  '--ground:#f1f4f3;--surface:#fff;--ink:#12201d;--muted:#50605b;--line:#d5dedb;--accent:#0c5f57;--none:#c4cecb',
  '--c0:#8a9996;--c1:#d99a1c;--c2:#3f73c4;--c3:#c8434b;--c4:#7f5bb8;--c5:#17948f;--c6:#5f8a2d;--c7:#c2608f;--c8:#9a6a3c;--c9:#4b8fb5',
].join(';');
const DARK = [
  '--ground:#0c1312;--surface:#141d1b;--ink:#e9f0ee;--muted:#a1b1ac;--line:#25322f;--accent:#6fd3c4;--none:#3a4845',
  '--c0:#74847f;--c1:#e6b247;--c2:#6d9be6;--c3:#e8757a;--c4:#ab8be0;--c5:#45bdb5;--c6:#93bd5c;--c7:#e08fb6;--c8:#c39768;--c9:#79b9dc',
].join(';');

export const REPORT_STYLE = `
:root{color-scheme:light;${LIGHT}}
@media (prefers-color-scheme:dark){:root{color-scheme:dark;${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:400 16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}
main{max-width:1120px;margin:0 auto;padding:32px 20px 64px}
h1,h2,h3{font-weight:600;letter-spacing:-.02em;line-height:1.2;text-wrap:balance;margin:0}
h1{font-size:clamp(1.6rem,5vw,2.3rem);overflow-wrap:anywhere}
h2{font-size:1.25rem;margin-bottom:4px}
h3{font-size:1rem;letter-spacing:0;overflow-wrap:anywhere}
p{margin:0;max-width:70ch}
a{color:var(--accent)}
header p,.note{color:var(--muted)}
section{background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:20px;margin-top:20px}
.note{font-size:.9rem;margin-bottom:14px}
.scroll{overflow-x:auto;outline-offset:2px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.92rem}
th,td{text-align:left;padding:7px 14px 7px 0;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--muted);font-weight:500;white-space:nowrap}
tbody th{font-weight:600;overflow-wrap:anywhere;min-width:7em}
.n{text-align:right;white-space:nowrap}
.words{min-width:16em}
tr:last-child>*{border-bottom:0}
.person{padding:14px 0;border-bottom:1px solid var(--line)}
.person:last-of-type{border-bottom:0;padding-bottom:0}
.person h3{display:flex;justify-content:space-between;gap:12px;flex-wrap:wrap}
.person h3 span{font-weight:400;color:var(--muted);font-size:.9rem;font-variant-numeric:tabular-nums}
svg{display:block;width:100%;border-radius:6px;background:var(--ground)}
.strip{height:34px;margin:8px 0 6px}
.share{height:12px}
.axis{display:flex;justify-content:space-between;color:var(--muted);font-size:.8rem;font-variant-numeric:tabular-nums}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;padding:0;margin:0 0 10px;font-size:.9rem}
.legend span{display:inline-block;width:12px;height:12px;border-radius:3px;margin-right:6px;vertical-align:-1px}
.bar{height:8px;border-radius:4px}.bar rect{fill:var(--accent)}
.talk{width:40%;min-width:90px;vertical-align:middle}
details{margin-top:10px}
summary{cursor:pointer;color:var(--accent);padding:6px 0}
summary:focus-visible,a:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
dl{margin:0;display:grid;grid-template-columns:minmax(9em,max-content) 1fr;gap:6px 20px}
dt{color:var(--muted)}
dd{margin:0;overflow-wrap:anywhere}
@media (max-width:560px){main{padding:20px 12px 40px}section{padding:16px 14px}dl{grid-template-columns:1fr}dd{margin-bottom:8px}}
@media print{:root{color-scheme:light;${LIGHT}}body{background:#fff;font-size:10.5pt}main{max-width:none;padding:0}
section{border:0;border-top:1px solid var(--line);border-radius:0;padding:12px 0;break-inside:auto}
.person,tr{break-inside:avoid}.scroll{overflow:visible}details{display:block}details::details-content{content-visibility:visible;height:auto;display:block}
svg,.legend span{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

/** Labels whose colour people expect; 0 is grey: nothing in particular is expressed. */
const FAMILIAR: Readonly<Record<string, number>> = {
  neutral: 0,
  calm: 0,
  joy: 1,
  happiness: 1,
  engaged: 1,
  sadness: 2,
  bored: 2,
  anger: 3,
  frustrated: 3,
  fear: 4,
  confused: 4,
  surprise: 5,
  disgust: 6,
};

/** A place among the ten colours for each label. Beyond ten they repeat: names stand beside them everywhere. */
export function colorsOf(labels: readonly string[]): Map<string, number> {
  const colors = new Map<string, number>();
  const free = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  for (const label of labels) {
    const color = FAMILIAR[label.toLowerCase()];
    if (color === undefined || [...colors.values()].includes(color)) continue;
    colors.set(label, color);
    if (color > 0) free.splice(free.indexOf(color), 1);
  }
  let next = 0;
  for (const label of labels) if (!colors.has(label)) colors.set(label, free.shift() ?? 1 + (next++ % 9));
  return colors;
}
