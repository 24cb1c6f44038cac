/** React hooks and components over the client. Written without JSX, so that they run where only types are stripped. */
export { EmotionIndicator, type EmotionIndicatorProps } from './EmotionIndicator.ts';
export { EmotionNotice, type EmotionNoticeProps } from './EmotionNotice.ts';
export type { NoticeText } from './noticeText.ts';
export { useEmotionClient, type UseEmotionClientOptions } from './useEmotionClient.ts';
export { useEmotionEvent } from './useEmotionEvent.ts';
export { useEmotionParticipant, useEmotionRoom } from './useEmotionRoom.ts';
export { useReplay, type UseReplay, type UseReplayOptions } from './useReplay.ts';
