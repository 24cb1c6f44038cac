import { z } from 'zod';
import { InferenceError } from './errors.ts';
import { DIMENSIONS, hashPrompts, LABEL_SET_KINDS } from './label-set.ts';

const MANIFEST_FORMAT = 1;

const fileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a plain file name inside the model folder is expected');
const count = (max: number) => z.int().min(1).max(max);
const probability = z.number().min(0).max(1);
const graph = z.object({
  file: fileName,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits are expected'),
});
const label = z.object({
  name: z.string().min(1).max(80),
  prompt: z.string().min(1).max(400),
  value: z.number().optional(),
  threshold: probability.optional(),
});
const labelSet = z
  .object({
    id: z.string().min(1).max(80),
    kind: z.enum(LABEL_SET_KINDS),
    labels: z.array(label).min(2).max(64),
    offset: z.int().min(0),
    hash: z.string().regex(/^[0-9a-f]{16}$/, '16 lower-case hex digits are expected'),
    temperature: z.number().positive(),
    threshold: probability,
  })
  .superRefine((set, context) => {
    if (new Set(set.labels.map((l) => l.name)).size !== set.labels.length) {
      context.addIssue({ code: 'custom', path: ['labels'], message: 'label names must differ' });
    }
    if (set.kind === 'ordinal' && set.labels.some((l) => l.value === undefined)) {
      context.addIssue({ code: 'custom', path: ['labels'], message: 'every label of an ordinal set needs a value' });
    }
    if (set.kind !== 'multi' && set.labels.some((l) => l.threshold !== undefined)) {
      const message = `only labels of a multi set have a threshold of their own; this set is ${set.kind}`;
      context.addIssue({ code: 'custom', path: ['labels'], message });
    }
    const hash = hashPrompts(set.labels.map((l) => l.prompt));
    if (hash !== set.hash) {
      context.addIssue({
        code: 'custom',
        path: ['hash'],
        message: `the prompts hash to ${hash}, so prompts and embeddings do not belong together`,
      });
    }
  });

const promptsByName = z
  .record(z.string(), label.shape.prompt)
  .refine(
    (prompts) => Object.keys(prompts).every((name) => name === name.toLowerCase()),
    'label names are expected in lower case',
  );

const manifestSchema = z
  .object({
    format: z.literal(MANIFEST_FORMAT, `this version of Undertone reads format ${MANIFEST_FORMAT} only`),
    id: z.string().min(1).max(80),
    version: z.string().min(1).max(40),
    tier: z.string().min(1).max(40),
    licence: z.string().min(1).max(80),
    dim: count(4096),
    labelDim: count(4096),
    text: graph.extend({
      vocab: fileName,
      lowercase: z.literal(true, 'only uncased vocabularies are supported'),
      maxTokens: z.int().min(3).max(512),
      contextTurns: z.int().min(0).max(4).default(0),
    }),
    label: graph.extend({ maxTokens: z.int().min(3).max(512) }).optional(),
    audio: graph.extend({
      sampleRate: z.literal(16_000),
      chunkSamples: count(160_000),
      tokensPerChunk: count(1000),
      maxChunks: count(120),
    }),
    vision: graph.extend({
      size: z.int().min(8).max(512),
      tokensPerFace: count(1000),
      cropScale: z.number().min(1).max(4),
      cropRise: z.number().min(-0.5).max(0.5).default(0),
      maxFaces: count(256),
    }),
    fusion: graph,
    prompt: z
      .string()
      .max(200)
      .refine((s) => s.includes('{label}'), 'the template must contain {label}'),
    prompts: promptsByName.default({}),
    labelSets: z.array(labelSet).min(1).max(100),
    defaultLabelSet: z.string(),
    sentimentLabelSet: z.string(),
    dimensionsLabelSet: z.string().optional(),
    custom: z.object({
      temperature: z.number().positive(),
      threshold: probability,
      multiThreshold: probability.optional(),
    }),
  })
  .superRefine((manifest, context) => {
    const ids = manifest.labelSets.map((set) => set.id);
    if (new Set(ids).size !== ids.length) {
      context.addIssue({ code: 'custom', path: ['labelSets'], message: 'label set ids must differ' });
    }
    for (const key of ['defaultLabelSet', 'sentimentLabelSet', 'dimensionsLabelSet'] as const) {
      const id = manifest[key];
      if (id !== undefined && !ids.includes(id)) {
        const message = `'${id}' is not one of the label sets (${ids.join(', ')})`;
        context.addIssue({ code: 'custom', path: [key], message });
      }
    }
    const sentiment = manifest.labelSets.find((set) => set.id === manifest.sentimentLabelSet);
    if (sentiment && sentiment.kind !== 'ordinal') {
      const message = `'${sentiment.id}' is ${sentiment.kind}; sentiment needs an ordinal set`;
      context.addIssue({ code: 'custom', path: ['sentimentLabelSet'], message });
    }
    const dimensions = manifest.labelSets.find((set) => set.id === manifest.dimensionsLabelSet);
    const allowed: readonly string[] = DIMENSIONS;
    const isDimensional = ({ kind, labels }: z.infer<typeof labelSet>) =>
      kind === 'dimensional' && labels.every(({ name }) => allowed.includes(name));
    if (dimensions && !isDimensional(dimensions)) {
      const message = `'${dimensions.id}' is no dimensional set of ${DIMENSIONS.join(', ')}`;
      context.addIssue({ code: 'custom', path: ['dimensionsLabelSet'], message });
    }
  });

/** The description of a model folder; see models/README.md for the fields. */
export type Manifest = z.infer<typeof manifestSchema>;

/**
 * Reads the text of a manifest.json.
 *
 * @throws {InferenceError} `model-folder`, naming the folder, the field and what is wrong with it.
 */
export function parseManifest(json: string, folder: string): Manifest {
  const wrong = (what: string) => new InferenceError('model-folder', `Model folder ${folder}: manifest.json: ${what}.`);
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    throw wrong('is not valid JSON; export the model again or restore the file');
  }
  const parsed = manifestSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') || 'the document';
  throw wrong(`${field}: ${issue?.message ?? 'is not valid'}`);
}
