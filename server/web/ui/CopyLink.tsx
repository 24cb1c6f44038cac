import { useState } from 'preact/hooks';
import { Icon } from './Icon.tsx';

/** Copies the invitation; where the browser forbids it, shows it to be copied by hand. */
export function CopyLink({ roomId }: { roomId: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'manual'>('idle');
  const link = `${location.origin}/r/${roomId}`;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      setState('copied');
    } catch {
      setState('manual');
    }
  };
  if (state === 'manual') {
    return (
      <input
        class="input link-input"
        readOnly
        value={link}
        aria-label="Invitation link"
        onFocus={(event) => event.currentTarget.select()}
      />
    );
  }
  return (
    <button type="button" class="button button-small" onClick={() => void copy()} data-testid="copy-link">
      <Icon name={state === 'copied' ? 'check' : 'link'} />
      <span class="tool-text" role="status">
        {state === 'copied' ? 'Link copied' : 'Invite'}
      </span>
    </button>
  );
}
