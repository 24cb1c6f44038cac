import { Store } from '../../../client/Store.ts';

export type Theme = 'light' | 'dark';

const KEY = 'undertone.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

function shown(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  return chosen === 'light' || chosen === 'dark' ? chosen : dark.matches ? 'dark' : 'light';
}

/** The theme that is shown: the one chosen here, else the system's. */
export const theme = new Store<Theme>(shown());
dark.addEventListener('change', () => theme.set(shown()));

export function toggleTheme(): void {
  const next = theme.value === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage may be forbidden: the choice lasts as long as the page.
  }
  theme.set(shown());
}
