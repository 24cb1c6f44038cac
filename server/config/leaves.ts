import { z } from 'zod';

/** One setting that holds a value, not other settings. */
export interface Leaf {
  /** e.g. `['rtc', 'minPort']` */
  path: string[];
  /** e.g. `UNDERTONE_RTC_MIN_PORT` */
  variable: string;
  /** The schema without its default. */
  inner: z.ZodType;
  default: unknown;
  description: string;
  /** What may be written, in words. */
  allowed: string;
  secret: boolean;
}

type Meta = { description?: string; allowed?: string; secret?: boolean };

/** A schema, and what is within its defaults and options, from the outside in. */
function layersOf(schema: z.ZodType): z.ZodType[] {
  const layers = [schema];
  for (;;) {
    const layer = layers.at(-1)!;
    const wraps = layer instanceof z.ZodDefault || layer instanceof z.ZodPrefault || layer instanceof z.ZodOptional;
    // What is written is what goes into a transformation.
    if (layer instanceof z.ZodPipe) layers.push(layer.in as z.ZodType);
    else if (wraps) layers.push(layer.unwrap() as z.ZodType);
    else return layers;
  }
}

/** Takes off default, prefault and optional. */
export function unwrap(schema: z.ZodType): z.ZodType {
  return layersOf(schema).at(-1)!;
}

/** Notes may sit on any layer: the outermost holds. */
function noted<K extends keyof Meta>(schema: z.ZodType, key: K): Meta[K] {
  return layersOf(schema)
    .map((layer) => (layer.meta() as Meta | undefined)?.[key])
    .find((value) => value !== undefined);
}

/** `['rtc', 'minPort']` is `UNDERTONE_RTC_MIN_PORT`. */
export function variableName(path: readonly string[]): string {
  return ['undertone', ...path].map((part) => part.replace(/(?=[A-Z])/g, '_').toUpperCase()).join('_');
}

/** Which values a schema takes, in words: `an integer from 1 to 50`. */
export function allowedValues(schema: z.ZodType): string {
  const note = noted(schema, 'allowed');
  if (note) return note;
  const inner = unwrap(schema);
  if (inner instanceof z.ZodEnum) return inner.options.map((option) => `\`${String(option)}\``).join(', ');
  if (inner instanceof z.ZodBoolean) return '`true` or `false`';
  if (inner instanceof z.ZodNumber) {
    const kind = inner.format === 'safeint' ? 'an integer' : 'a number';
    return `${kind} from ${inner.minValue} to ${inner.maxValue}`;
  }
  if (inner instanceof z.ZodString) {
    const { minLength, maxLength } = inner;
    if (minLength !== null && maxLength !== null) return `text of ${minLength} to ${maxLength} characters`;
    return minLength === null ? 'text' : 'text that is not empty';
  }
  if (inner instanceof z.ZodObject) return `an object with ${Object.keys(inner.shape).join(', ')}`;
  return 'see the documentation';
}

/** All settings below a schema, in its order. */
export function leavesOf(schema: z.ZodType, path: string[] = []): Leaf[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([key, child]) =>
      leavesOf(child, [...path, key]),
    );
  }
  const parsed = schema.safeParse(undefined);
  return [
    {
      path,
      variable: variableName(path),
      inner,
      default: parsed.success ? parsed.data : undefined,
      description: noted(schema, 'description') ?? '',
      allowed: allowedValues(schema),
      secret: noted(schema, 'secret') ?? false,
    },
  ];
}

/** Whether a list has settings in it, each with fields of its own. */
export function holdsObjects(list: z.ZodArray): boolean {
  return unwrap(list.element as z.ZodType) instanceof z.ZodObject;
}

/** The schema at a path; undefined where there is none. */
export function schemaAt(root: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let schema: z.ZodType | undefined = root;
  for (const key of path) {
    const inner: z.ZodType | undefined = schema && unwrap(schema);
    if (inner instanceof z.ZodObject) schema = (inner.shape as Record<string, z.ZodType>)[String(key)];
    else if (inner instanceof z.ZodRecord) schema = inner.valueType as z.ZodType;
    else if (inner instanceof z.ZodArray && holdsObjects(inner)) schema = unwrap(inner.element as z.ZodType);
    else return schema;
  }
  return schema;
}

/** Whether what stands at a path, or around it, must not be shown: it is marked so where the schema is written. */
export function isSecret(root: z.ZodType, path: readonly PropertyKey[]): boolean {
  return path.some((_, index) => {
    const schema = schemaAt(root, path.slice(0, index + 1));
    return schema !== undefined && (noted(schema, 'secret') ?? false);
  });
}
