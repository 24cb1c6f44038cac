import type { ComponentChildren } from 'preact';
import { navigate } from '../router.ts';
import { Logo } from '../ui/Logo.tsx';
import { ThemeToggle } from '../ui/ThemeToggle.tsx';

/** Head and body of the pages outside a call. */
export function PageFrame({ children }: { children: ComponentChildren }) {
  const home = (event: Event) => {
    event.preventDefault();
    navigate('/');
  };
  return (
    <div class="page">
      <header class="page-head">
        <a href="/" class="home-link" onClick={home} aria-label="Undertone, first page">
          <Logo />
        </a>
        <ThemeToggle />
      </header>
      {children}
    </div>
  );
}
