/**
 * `notice-outdated` a yes to another notice than the one in force; `release-needed` the host says yes without a release;
 * `refused-since` the release was signed before the participant said no; `unavailable` the audit trail cannot be written.
 */
export type ConsentErrorCode = 'notice-outdated' | 'release-needed' | 'refused-since' | 'unavailable';

/** A yes that does not count. Nothing was changed by it. */
export class ConsentError extends Error {
  override readonly name = 'ConsentError';
  readonly code: ConsentErrorCode;
  /** The field at fault. */
  readonly field: string | undefined;

  constructor(code: ConsentErrorCode, message: string, field?: string) {
    super(field === undefined ? message : `${field}: ${message}`);
    this.code = code;
    this.field = field;
  }
}
