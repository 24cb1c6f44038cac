/** Writes `docs/configuration.md`. Run it after a change of the schema. */
import { writeFileSync } from 'node:fs';
import { documentConfig } from './document.ts';

writeFileSync(new URL('../../docs/configuration.md', import.meta.url), documentConfig());
