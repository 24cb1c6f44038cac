const MAX_IDS = 50_000;

/** Utterances and alerts that were taken back: nothing about them is passed on, however late it comes. */
export class Retracted {
  readonly #ids = new Set<string>();

  add(ids: readonly string[]): void {
    for (const id of ids) this.#ids.add(id);
    // The oldest go first: what is late by so many utterances is not on its way any more.
    for (const id of this.#ids) {
      if (this.#ids.size <= MAX_IDS) return;
      this.#ids.delete(id);
    }
  }

  /** Whether the event is a result or an alert that was taken back. */
  concerns(event: { type: string; utteranceId?: unknown; alertId?: unknown }): boolean {
    if (event.type === 'alert') return this.#ids.has(event.alertId as string);
    const isResult = event.type === 'emotion.final' || event.type === 'emotion.interim';
    return isResult && this.#ids.has(event.utteranceId as string);
  }
}
