/** Writes the JSON Schemas of the event contract out of its zod source. A test fails when they are not up to date. */
import { writeFileSync } from 'node:fs';
import { contractFiles } from '../plugin/events/contract/v1/json-schema.ts';

for (const [url, text] of contractFiles()) writeFileSync(url, text);
