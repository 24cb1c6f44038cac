import { useSample } from './useSample.ts';
import { endText } from './endText.ts';
import { MessagePage } from './MessagePage.tsx';

/** A sample call that is gone: its address was opened too late. */
export function MissedCall({ reason }: { reason?: string }) {
  const sample = useSample();
  const again = (
    <button type="button" class="button button-primary" disabled={sample.busy} onClick={sample.watch}>
      Watch a new one
    </button>
  );
  return (
    <MessagePage title={endText(reason)} action={again}>
      <p data-testid="ended">A sample call plays once for whoever starts it.</p>
      {sample.problem && <p role="alert">{sample.problem}</p>}
    </MessagePage>
  );
}
