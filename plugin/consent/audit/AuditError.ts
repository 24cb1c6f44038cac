/** The audit trail cannot be opened, read or written. */
export class AuditError extends Error {
  override readonly name = 'AuditError';
}
