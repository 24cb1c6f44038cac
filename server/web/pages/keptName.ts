const KEY = 'undertone.name';

/** The name used last on this device. */
export function keptName(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

export function keepName(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Storage may be forbidden: the name is typed again next time.
  }
}
