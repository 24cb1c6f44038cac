/** Whether an address is this machine's own, out of reach for others. */
export function refersToLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
