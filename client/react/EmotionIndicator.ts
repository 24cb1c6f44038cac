import { createElement, type CSSProperties, type ReactNode } from 'react';
import type { EmotionClient } from '../EmotionClient.ts';
import { NOTHING } from '../RoomState.ts';
import { anyOf, ENGLISH, listOf, type NoticeText } from './noticeText.ts';
import { useEmotionParticipant } from './useEmotionRoom.ts';

export interface EmotionIndicatorProps {
  client: EmotionClient | undefined;
  participantId: string;
  /** @default the name that the server knows, else the id */
  name?: string;
  text?: Partial<NoticeText>;
  /** With a class, the component brings no colours of its own. */
  className?: string;
}

const BADGE: CSSProperties = {
  display: 'inline-flex',
  alignItems: 'center',
  gap: '0.4em',
  padding: '0.1em 0.5em',
  border: '1px solid currentColor',
  borderRadius: '1em',
  color: '#ffffff',
  backgroundColor: '#161a22',
};

/**
 * A small sign on a participant's tile: whether, and what of them, is analysed. In words, not by colour alone; the mark
 * before them is for the eye and not read out.
 *
 * @example
 * <EmotionIndicator client={client} participantId="ada" />
 */
export function EmotionIndicator(props: EmotionIndicatorProps): ReactNode {
  const { client, participantId, className } = props;
  const text = { ...ENGLISH, ...props.text };
  const participant = useEmotionParticipant(client, participantId);
  const analysed = participant?.analysed ?? NOTHING;
  const name = props.name ?? participant?.displayName ?? participantId;
  const live = anyOf(analysed);
  return createElement(
    'span',
    { role: 'status', className, style: className === undefined ? BADGE : undefined, 'data-analysed': live },
    createElement('span', { 'aria-hidden': true }, live ? '●' : '○'),
    createElement('span', null, live ? text.analysedOf(name, listOf(analysed, text)) : text.nothingOf(name)),
  );
}
