/** Writes the JSON Schemas and the AsyncAPI document out of the zod source. A test fails when they are not up to date. */
import { writeFileSync } from 'node:fs';
import { contractFiles } from '../plugin/events/contract/v1/files.ts';

for (const [url, text] of contractFiles()) writeFileSync(url, text);
