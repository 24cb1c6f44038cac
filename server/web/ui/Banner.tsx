import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon.tsx';

interface BannerProps {
  tone: 'note' | 'warning';
  icon?: IconName;
  children: ComponentChildren;
  onDismiss?: () => void;
  testId?: string;
}

/** A line about the state of things. */
export function Banner({ tone, icon = 'warning', children, onDismiss, testId }: BannerProps) {
  return (
    <div class={`banner banner-${tone}`} role={tone === 'warning' ? 'alert' : 'status'} data-testid={testId}>
      <Icon name={icon} />
      <div class="banner-text">{children}</div>
      {onDismiss && (
        <button type="button" class="button button-quiet button-icon" aria-label="Dismiss" onClick={onDismiss}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
