import type { ComponentChildren } from 'preact';
import { follow } from '../router.ts';
import { Logo } from '../ui/Logo.tsx';
import { ThemeToggle } from '../ui/ThemeToggle.tsx';

interface PageFrameProps {
  /** The head is as wide as a page that uses the whole width. */
  wide?: boolean;
  children: ComponentChildren;
}

/** Head and body of the pages outside a call. */
export function PageFrame({ wide = false, children }: PageFrameProps) {
  return (
    <div class={wide ? 'page page-wide' : 'page'}>
      <header class="page-head">
        <a href="/" class="home-link" onClick={follow} aria-label="Undertone, first page">
          <Logo />
        </a>
        <nav class="page-nav" aria-label="Pages">
          <a href="/meetings" onClick={follow} data-testid="to-meetings">
            Past meetings
          </a>
          <ThemeToggle />
        </nav>
      </header>
      {children}
    </div>
  );
}
