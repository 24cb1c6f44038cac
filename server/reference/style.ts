/** The page's style: the colours of the page of a call, a column on a phone, contents beside it on a desk. */
export const REFERENCE_STYLE = `
:root { color-scheme: light dark; --ground: #f1f4f3; --surface: #fff; --ink: #12201d; --muted: #50605b; --line: #d5dedb; --accent: #0c5f57; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0c1312; --surface: #141d1b; --ink: #e9f0ee; --muted: #a1b1ac; --line: #25322f; --accent: #6fd3c4; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0 auto; max-width: 78rem; padding: 1rem; background: var(--ground); color: var(--ink);
  font: 1rem/1.55 Inter, ui-sans-serif, system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.2; } h1 small { color: var(--muted); font-size: 1rem; font-weight: 400; }
h2 { font-size: 1.25rem; margin: 2rem 0 0.5rem; } h3 { font-size: 1.1rem; } h4 { font-size: 1rem; margin: 0 0 0.25rem; }
a { color: var(--accent); } h3 a, h4 a { color: inherit; text-decoration: none; } h3 a:hover, h4 a:hover { text-decoration: underline; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
p { margin: 0.25rem 0 0.75rem; max-width: 46rem; } .muted { color: var(--muted); }
nav ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1rem; }
nav h2 { font-size: 1rem; margin: 0.75rem 0 0; } nav a { display: inline-block; padding: 0.2rem 0; }
article { background: var(--surface); border: 1px solid var(--line); border-radius: 14px; padding: 1rem; margin: 0 0 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; min-width: 34rem; font-size: 0.9rem; overflow-wrap: normal; }
th { text-align: left; color: var(--muted); font-weight: 600; } td, th { padding: 0.35rem 0.75rem 0.35rem 0; vertical-align: top; }
td { border-top: 1px solid var(--line); } td:nth-child(3) { color: var(--muted); }
code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 0.85em; }
pre { overflow-x: auto; padding: 0.75rem; background: var(--ground); border-radius: 9px; font-size: 0.85rem; }
summary { cursor: pointer; padding: 0.4rem 0; color: var(--accent); }
@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: 14rem minmax(0, 1fr); gap: 0 2rem; padding: 2rem; }
  header { grid-column: 1 / -1; } nav { position: sticky; top: 1rem; align-self: start; max-height: 95vh; overflow-y: auto; }
  nav ul { display: block; }
}
`;
