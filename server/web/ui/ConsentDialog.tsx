import { useState } from 'preact/hooks';
import type { Modality, PerModality } from '../../../plugin/events/contract/v1/types.ts';
import type { Notice } from '../api/types.ts';
import { NOTHING } from '../emotion/EmotionState.ts';
import { MODALITIES } from '../view/wording.ts';
import { Dialog } from './Dialog.tsx';
import { Icon } from './Icon.tsx';

interface ConsentDialogProps {
  notice: Notice;
  /** What is allowed so far: nothing, when it is asked for the first time. */
  consent: PerModality;
  /** Why it is asked: on joining, after a break that ended an earlier yes, or because somebody wants to change it. */
  occasion: 'joining' | 'returning' | 'changing';
  /** @returns whether the server has taken note */
  onDecide: (consent: PerModality) => Promise<boolean>;
  onClose: () => void;
}

const CHOICES: Record<Modality, { title: string; detail: string }> = {
  audio: { title: 'My voice', detail: 'how I sound: pitch, loudness, pace' },
  video: { title: 'My face', detail: 'how I look: the face in my picture' },
  text: { title: 'My words', detail: 'what I say: captions or what I type' },
};

const DECLINE = {
  joining: 'Join without analysis',
  returning: 'Go on without analysis',
  changing: 'Allow nothing',
} as const;

/** Asks, one by one, what may be analysed. Nothing is ticked beforehand; no is as easy as yes. */
export function ConsentDialog({ notice, consent, occasion, onDecide, onClose }: ConsentDialogProps) {
  const first = occasion !== 'changing';
  const [choice, setChoice] = useState<PerModality>(consent);
  const [state, setState] = useState<'asking' | 'sending' | 'failed' | 'empty'>('asking');
  const decide = async (decided: PerModality) => {
    setState('sending');
    if (await onDecide(decided)) onClose();
    else setState('failed');
  };
  const accept = () => {
    const any = MODALITIES.some((modality) => choice[modality]);
    if (first && !any) setState('empty');
    else void decide(choice);
  };
  // Who has not been asked to anything has nothing to take back.
  const decline = () => (first ? onClose() : void decide(NOTHING));
  const [lead, ...paragraphs] = notice.text;
  return (
    <Dialog title={notice.title} onDismiss={onClose}>
      {occasion === 'returning' && (
        <p class="dialog-again">You were away for a while. What you had allowed has ended, so you are asked again.</p>
      )}
      <p class="dialog-lead">{lead}</p>
      <fieldset class="choices" disabled={state === 'sending'}>
        <legend class="sr-only">What may be analysed of you</legend>
        {MODALITIES.map((modality) => (
          <label key={modality} class="choice">
            <input
              type="checkbox"
              checked={choice[modality]}
              onChange={(event) => {
                setChoice({ ...choice, [modality]: event.currentTarget.checked });
                setState('asking');
              }}
              data-testid={`consent-${modality}`}
            />
            <Icon name={modality} />
            <span>
              <strong>{CHOICES[modality].title}</strong>
              <span class="choice-detail">{CHOICES[modality].detail}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div class="notice">
        {paragraphs.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        <p class="notice-version">Notice {notice.version}</p>
      </div>
      <p class="dialog-problem" role="alert">
        {state === 'empty' && `Tick what may be analysed, or choose “${DECLINE[occasion]}”.`}
        {state === 'failed' && 'The server did not take this choice; nothing has changed. Try again.'}
      </p>
      <div class="dialog-actions">
        <button
          type="button"
          class="button button-strong"
          disabled={state === 'sending'}
          onClick={decline}
          data-testid="consent-decline"
        >
          {DECLINE[occasion]}
        </button>
        <button
          type="button"
          class="button button-strong"
          disabled={state === 'sending'}
          onClick={accept}
          data-testid="consent-accept"
        >
          Allow what I ticked
        </button>
      </div>
    </Dialog>
  );
}
