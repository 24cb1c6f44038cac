const REASONS: Record<string, string> = {
  ended: 'The sample call is over.',
  left: 'You left the call.',
  replaced: 'This call was opened somewhere else with the same seat.',
  'token-expired': 'Your time in this call is over.',
  unauthorized: 'The server was started anew and no longer knows you.',
  'room-closed': 'This call has ended.',
  shutdown: 'The server is shutting down.',
  'worker-died': 'The media server had to start again.',
  elsewhere: 'This call is at another server by now.',
  full: 'The call is full.',
  unsupported: 'This browser cannot take part in video calls. A current Chrome, Edge, Firefox or Safari can.',
};

/** Why a call is over, from the server's word or the code of its refusal. */
export function endText(reason: string | undefined): string {
  return REASONS[reason ?? ''] ?? 'The call has ended.';
}
