/** What a participant sends: at most one of each. */
export type Source = 'camera' | 'microphone';
