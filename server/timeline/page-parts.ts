import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_DIR } from '../../plugin/paths.ts';

/** What a timeline page is made of, beside its data. */
export interface PageParts {
  script: string;
  style: string;
}

/** Where `npm run build` puts them. */
const BUILT = import.meta.dirname;
const SOURCE = join(PACKAGE_DIR, 'server', 'web', 'timeline', 'main.tsx');

/** The built parts; in a clone, built now from the present sources (about a second). */
export async function pageParts(): Promise<PageParts> {
  const [script, style] = [join(BUILT, 'page.js'), join(BUILT, 'page.css')];
  if (!existsSync(script)) return buildPageParts();
  return { script: await readFile(script, 'utf8'), style: await readFile(style, 'utf8') };
}

/** One script and one style sheet out of the sources of the page. Needs the development packages. */
export async function buildPageParts(): Promise<PageParts> {
  const { build } = await import('vite');
  const result = await build({
    configFile: false,
    envFile: false,
    logLevel: 'error',
    publicDir: false,
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      write: false,
      target: 'es2022',
      cssCodeSplit: false,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: SOURCE, output: { format: 'iife', codeSplitting: false } },
    },
  });
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ('output' in one ? one.output : []));
  const script = outputs.find((part) => part.type === 'chunk')?.code;
  const style = outputs.find((part) => part.type === 'asset' && part.fileName.endsWith('.css'));
  if (script === undefined || style?.type !== 'asset') throw new Error('the timeline page could not be built');
  return { script, style: String(style.source) };
}
