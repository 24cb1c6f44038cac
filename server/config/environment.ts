import { z } from 'zod';
import { ConfigError, type ConfigProblem } from './ConfigError.ts';
import { holdsObjects, type Leaf } from './leaves.ts';
import { suggest } from './suggest.ts';

/** A value with the place it came from. */
export interface Setting {
  path: string[];
  value: unknown;
  from: string;
}

/** Turns text into what the setting holds; text that does not fit stays, for the schema to refuse. */
export function fromText(text: string, schema: z.ZodType): unknown {
  if (schema instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text;
  if (schema instanceof z.ZodNumber) return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (schema instanceof z.ZodArray && holdsObjects(schema)) return fromJson(text);
  if (schema instanceof z.ZodArray) return text.split(',').map((part) => part.trim());
  if (schema instanceof z.ZodUnion) {
    const options = schema.options as z.ZodType[];
    if (options.some((option) => option instanceof z.ZodArray) && text.includes(',')) {
      return text.split(',').map((part) => part.trim());
    }
    if (options.some((option) => option instanceof z.ZodNumber) && /^-?\d+$/.test(text)) return Number(text);
  }
  return schema instanceof z.ZodRecord ? fromJson(text) : text;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Variables with the prefix that are not settings of the server. */
const OTHERS = [
  'UNDERTONE_CONFIG',
  'UNDERTONE_CACHE',
  'UNDERTONE_CHROMIUM',
  'UNDERTONE_CUDA',
  'UNDERTONE_NODE_AV',
  'UNDERTONE_SHERPA_ONNX',
  'UNDERTONE_WEBHOOK_SECRET',
] as const;

/**
 * Reads the settings that the environment names.
 * @throws ConfigError for a variable that looks like a misspelt setting
 */
export function readEnvironment(env: NodeJS.ProcessEnv, leaves: readonly Leaf[]): Setting[] {
  const byVariable = new Map(leaves.map((leaf) => [leaf.variable, leaf]));
  const settings: Setting[] = [];
  const problems: ConfigProblem[] = [];
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('UNDERTONE_') || text === undefined || text === '') continue;
    const leaf = byVariable.get(variable);
    if (leaf) {
      settings.push({ path: leaf.path, value: fromText(text, leaf.inner), from: `environment ${variable}` });
      continue;
    }
    if ((OTHERS as readonly string[]).includes(variable)) continue;
    // A name that resembles nothing belongs to somebody else's tools.
    const meant = suggest(variable, [...byVariable.keys(), ...OTHERS]);
    if (meant) {
      problems.push({
        key: variable,
        from: 'environment',
        message: `there is no such setting; did you mean ${meant}?`,
      });
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return settings;
}
