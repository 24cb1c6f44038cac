import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const STAGE_DIR = join(import.meta.dirname, 'stage');
/** Never resolved: the pages' requests are answered from the folder. */
const ORIGIN = 'http://stage.invalid';
const TYPES: Record<string, string> = { html: 'text/html', js: 'text/javascript' };

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['UNDERTONE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
    ],
  });
}

/** A page with the stage on it, whose errors end the generator. */
export async function openStagePage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') process.stderr.write(`stage: ${message.text()}\n`);
  });
  await page.route(`${ORIGIN}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (!/^[\w-]+\.(html|js)$/.test(name)) return route.fulfill({ status: 404 });
    const body = await readFile(join(STAGE_DIR, name));
    return route.fulfill({ body, contentType: TYPES[name.split('.')[1] ?? ''] ?? 'text/plain' });
  });
  await page.goto(`${ORIGIN}/index.html`);
  await page.waitForFunction('typeof openStage === "function"');
  return page;
}

/** JSON in which typed arrays are base64, for `revive` of the stage. */
export function portable(value: unknown): unknown {
  if (value instanceof Float32Array || value instanceof Uint32Array) {
    const type = value instanceof Uint32Array ? 'u32' : 'f32';
    return { type, base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
  }
  if (Array.isArray(value)) return value.map(portable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, portable(item)]));
}
