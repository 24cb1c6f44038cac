/** One wrong setting. */
export interface ConfigProblem {
  /** Path of the setting, e.g. `rtc.minPort`. */
  key: string;
  /** Where the value came from, e.g. `environment UNDERTONE_RTC_MIN_PORT`. */
  from: string;
  /** What is wrong, what is allowed and what to do. */
  message: string;
}

/** The configuration cannot be used. Its message has one line for each problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ key, from, message }) => `${key} (${from}): ${message}`).join('\n'));
    this.problems = problems;
  }
}
