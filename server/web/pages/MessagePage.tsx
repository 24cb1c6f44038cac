import type { ComponentChildren } from 'preact';
import { navigate } from '../router.ts';
import { PageFrame } from './PageFrame.tsx';

interface MessagePageProps {
  title: string;
  children: ComponentChildren;
  /** Comes before the way to the first page. */
  action?: ComponentChildren;
}

/** A page that says one thing. */
export function MessagePage({ title, children, action }: MessagePageProps) {
  return (
    <PageFrame>
      <main class="message" data-testid="message">
        <h1>{title}</h1>
        {children}
        <div class="message-actions">
          {action}
          <button type="button" class="button" onClick={() => navigate('/')}>
            To the first page
          </button>
        </div>
      </main>
    </PageFrame>
  );
}
