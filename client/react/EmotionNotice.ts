import { createElement, useState, type CSSProperties, type ReactNode } from 'react';
import type { EmotionClient } from '../EmotionClient.ts';
import { NOTHING } from '../RoomState.ts';
import { anyOf, ENGLISH, listOf, type NoticeText } from './noticeText.ts';
import { useEmotionParticipant } from './useEmotionRoom.ts';

export interface EmotionNoticeProps {
  client: EmotionClient | undefined;
  /** Oneself. */
  participantId: string;
  /** Withdraws; by default all of one's consent, by the client. */
  onStop?: () => void | Promise<unknown>;
  /** In place of the English words. */
  text?: Partial<NoticeText>;
  /** With a class, the component brings no colours of its own. */
  className?: string;
  /** More to say, such as a link to the full notice. */
  children?: ReactNode;
}

/** 17:1 on any page, light or dark; forced colours replace them by themselves. */
const BOX: CSSProperties = {
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: '0.75em',
  padding: '0.5em 0.75em',
  border: '2px solid currentColor',
  borderRadius: '0.5em',
  color: '#ffffff',
  backgroundColor: '#161a22',
};
/** 24 px and more: the target size of WCAG 2.2. */
const BUTTON: CSSProperties = {
  font: 'inherit',
  minHeight: '2em',
  minWidth: '24px',
  padding: '0.25em 0.75em',
  border: '2px solid transparent',
  borderRadius: '0.4em',
  color: '#161a22',
  backgroundColor: '#ffffff',
  cursor: 'pointer',
};

/**
 * Always in view: what of oneself is really being analysed, and the way out of it. What it says is announced when it
 * changes (`role="status"`); the button is reached by the keyboard. Follows what flows, not what is allowed.
 *
 * @example
 * <EmotionNotice client={client} participantId={me} />
 */
export function EmotionNotice(props: EmotionNoticeProps): ReactNode {
  const { client, participantId, onStop, className, children } = props;
  const text = { ...ENGLISH, ...props.text };
  const { analysed = NOTHING, consent = NOTHING } = useEmotionParticipant(client, participantId) ?? {};
  const [stopping, setStopping] = useState(false);
  const [failed, setFailed] = useState(false);
  const live = anyOf(analysed);
  const allowed = anyOf(consent);

  const stop = async () => {
    setStopping(true);
    setFailed(false);
    try {
      if (onStop) await onStop();
      else await client?.setConsent({ audio: false, video: false, text: false });
    } catch {
      setFailed(true);
    } finally {
      setStopping(false);
    }
  };

  return createElement(
    'div',
    { className, style: className === undefined ? BOX : undefined, 'data-analysed': live },
    createElement(
      'span',
      { role: 'status' },
      live ? text.analysed(listOf(analysed, text)) : allowed ? text.allowed : text.nothing,
    ),
    (live || allowed) &&
      createElement(
        'button',
        {
          type: 'button',
          style: className === undefined ? BUTTON : undefined,
          // Not `disabled`: the focus would be lost in the middle of it.
          'aria-disabled': stopping,
          onClick: () => void (stopping || stop()),
        },
        text.stop,
      ),
    failed && createElement('span', { role: 'alert' }, text.stopFailed),
    children,
  );
}
