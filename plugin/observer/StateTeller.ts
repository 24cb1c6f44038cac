import type { AnalysisState } from '../events/contract/v1/types.ts';

/**
 * Tells how the analysis stands, each change once. Trouble with a part of it (words that do not come) makes an active analysis
 * degraded; while it is paused, stopped or down anyway, that is what is told.
 */
export class StateTeller {
  readonly #tell: (state: AnalysisState, reason: string | undefined) => void;
  #state: AnalysisState = 'starting';
  #reason: string | undefined;
  #trouble: string | undefined;
  #told: AnalysisState = 'starting';

  constructor(tell: (state: AnalysisState, reason: string | undefined) => void) {
    this.#tell = tell;
  }

  set(state: AnalysisState, reason?: string): void {
    this.#state = state;
    this.#reason = reason;
    this.#settle();
  }

  /** @param trouble undefined where all is well */
  setTrouble(trouble: string | undefined): void {
    this.#trouble = trouble;
    this.#settle();
  }

  #settle(): void {
    const troubled = this.#state === 'active' && this.#trouble !== undefined;
    const state = troubled ? 'degraded' : this.#state;
    if (state === this.#told) return;
    this.#told = state;
    this.#tell(state, troubled ? this.#trouble : this.#reason);
  }
}
