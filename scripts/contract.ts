/** Writes the JSON Schemas and the AsyncAPI document out of the zod source. A test fails when they are not up to date. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { contractFiles } from '../plugin/events/contract/v1/files.ts';
import { contractSurface } from '../plugin/events/contract/v1/surface.ts';
import { CONTRACT_VERSION } from '../plugin/events/contract/v1/version.ts';

for (const [url, text] of contractFiles()) writeFileSync(url, text);

// What a version names is written down once: what is added later is of another one.
const version = new URL(`../plugin/events/contract/v1/versions/${CONTRACT_VERSION}.json`, import.meta.url);
const text = `${JSON.stringify(contractSurface(), null, 2)}\n`;
if (!existsSync(version)) writeFileSync(version, text);
else if (readFileSync(version, 'utf8') !== text) {
  console.error(
    [
      `contract: it names something else than ${CONTRACT_VERSION} did; raise the minor number in`,
      `plugin/events/contract/v1/version.ts, or, if ${CONTRACT_VERSION} was never released, delete versions/${CONTRACT_VERSION}.json first`,
    ].join(' '),
  );
  process.exitCode = 1;
}
