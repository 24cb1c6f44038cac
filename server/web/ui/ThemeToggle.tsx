import { useStore } from './hooks.ts';
import { Icon } from './Icon.tsx';
import { theme, toggleTheme } from './theme.ts';

export function ThemeToggle() {
  const shown = useStore(theme);
  const label = shown === 'dark' ? 'Use the light theme' : 'Use the dark theme';
  return (
    <button
      type="button"
      class="button button-quiet button-icon"
      aria-label={label}
      title={label}
      onClick={toggleTheme}
    >
      <Icon name={shown === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}
