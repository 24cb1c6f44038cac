import type { JsonSchema } from '../../plugin/events/contract/v1/JsonSchemaTypes.ts';

/** A field of a message. */
export interface Field {
  /** From the message on: `modalities.audio.used`, `labels[].name`. */
  path: string;
  type: string;
  required: boolean;
  description: string;
}

/** Deeper than anything in the contract; an end for what refers to itself. */
const MAX_DEPTH = 6;

/** All fields of a schema, those within objects and lists among them, in the order of the schema. */
export function fieldsOf(
  schema: JsonSchema,
  schemas: Readonly<Record<string, JsonSchema>>,
  path = '',
  depth = 0,
): Field[] {
  const { properties = {}, required = [] } = resolve(schema, schemas);
  return Object.entries(properties).flatMap(([name, given]): Field[] => {
    const field = resolve(given, schemas);
    const here = path === '' ? name : `${path}.${name}`;
    const own: Field = {
      path: here,
      type: describeType(field, schemas),
      required: required.includes(name),
      description: given.description ?? field.description ?? '',
    };
    const inner = field.items ? resolve(field.items, schemas) : field;
    const below = depth < MAX_DEPTH ? fieldsOf(inner, schemas, field.items ? `${here}[]` : here, depth + 1) : [];
    return [own, ...below];
  });
}

function resolve(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.split('/').at(-1) ?? '';
  const found = schemas[name];
  if (!found) throw new RangeError(`the contract has no schema ${name}`);
  return found;
}

function describeType(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map((choice) => nameOf(resolve(choice, schemas), schemas)).join(' | ');
  if (schema.items) {
    const least = schema.minItems ?? 0;
    const count = schema.maxItems === undefined ? '' : `, ${least} to ${schema.maxItems}`;
    return `list of ${nameOf(resolve(schema.items, schemas), schemas)}${count}`;
  }
  return nameOf(schema, schemas);
}

function nameOf(schema: JsonSchema, schemas: Readonly<Record<string, JsonSchema>>): string {
  if (schema.anyOf ?? schema.oneOf ?? schema.items) return describeType(schema, schemas);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  // An event within a message is named by its type.
  const event = schema.properties?.['type']?.const;
  if (typeof event === 'string') return event;
  return `${schema.type ?? 'anything'}${bounds(schema)}`;
}

function bounds({ minimum, exclusiveMinimum, maximum, minLength, maxLength, type }: JsonSchema): string {
  if (type === 'string') {
    if (maxLength === undefined) return '';
    return ` of ${minLength === undefined ? 'at most' : `${minLength} to`} ${maxLength} characters`;
  }
  // The largest integer that JavaScript holds exactly is no bound that anybody meant.
  const most = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (minimum !== undefined && most !== undefined) return ` from ${minimum} to ${most}`;
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`;
  return minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? ` from ${minimum}` : '';
}
