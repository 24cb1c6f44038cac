/** Writes `docs/configuration.md` and `docs/errors.md`. Run it after a change of what they are written from: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { documentErrors } from '../http/documentErrors.ts';
import { documentConfig } from './document.ts';

const page = (name: string) => new URL(`../../docs/${name}`, import.meta.url);

writeFileSync(page('configuration.md'), documentConfig());
writeFileSync(page('errors.md'), documentErrors());
