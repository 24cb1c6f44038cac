import { isDeepStrictEqual } from 'node:util';
import { invalidInput } from './errors.ts';
import { hashPrompts, type LabelSetDefinition } from './label-set.ts';
import type { ModelFolder } from './model-folder.ts';

/** Rooms choose label sets; this bounds what all of them together may hold (64 labels of 384 floats each: 25 MB). */
const MAX_DEFINED_SETS = 256;

export interface EmbeddedLabelSet {
  readonly definition: LabelSetDefinition;
  /** K rows of `manifest.labelDim` floats, L2-normalised. */
  readonly embeddings: Float32Array;
}

/** The label sets that a model can score: those shipped with it and those defined at run time. */
export class LabelSets {
  readonly #sets = new Map<string, EmbeddedLabelSet>();
  readonly #embeddings = new Map<string, Float32Array>();
  readonly #shipped: number;
  readonly #embed: (prompts: readonly string[]) => Promise<Float32Array>;

  /** @param embed the label encoder: prompts to rows of `manifest.labelDim` floats */
  constructor(folder: ModelFolder, embed: (prompts: readonly string[]) => Promise<Float32Array>) {
    const { labelDim, labelSets } = folder.manifest;
    for (const { offset, ...definition } of labelSets) {
      const embeddings = folder.labelEmbeddings.slice(
        offset * labelDim,
        (offset + definition.labels.length) * labelDim,
      );
      this.#sets.set(definition.id, { definition, embeddings });
      this.#embeddings.set(definition.hash, embeddings);
    }
    this.#shipped = this.#sets.size;
    this.#embed = embed;
  }

  get definitions(): LabelSetDefinition[] {
    return [...this.#sets.values()].map((set) => set.definition);
  }

  /**
   * Adds a set, embedding its prompts unless the same prompts were embedded before. Adding it again changes nothing.
   *
   * @throws {InferenceError} `invalid-input` where the id stands for another set, or too many sets are defined
   */
  async define(definition: LabelSetDefinition): Promise<void> {
    const known = this.#sets.get(definition.id);
    if (known) {
      if (isDeepStrictEqual(known.definition, definition)) return;
      throw invalidInput(`id: the label set '${definition.id}' is defined with other labels; choose another id.`);
    }
    if (this.#sets.size - this.#shipped >= MAX_DEFINED_SETS) {
      throw invalidInput(`labels: ${MAX_DEFINED_SETS} label sets are defined already; use one of them.`);
    }
    const prompts = definition.labels.map((label) => label.prompt);
    const key = hashPrompts(prompts);
    const embeddings = this.#embeddings.get(key) ?? (await this.#embed(prompts));
    this.#embeddings.set(key, embeddings);
    this.#sets.set(definition.id, { definition, embeddings });
  }

  /** @throws {InferenceError} `invalid-input` where no set has this id */
  get(id: string): EmbeddedLabelSet {
    const set = this.#sets.get(id);
    if (set) return set;
    throw invalidInput(`labelSetId: '${id}' is not defined; defined are ${[...this.#sets.keys()].join(', ')}.`);
  }
}
