/** What the server answers over HTTP, as far as the page uses it. */

export interface Notice {
  /** Goes back with the consent: it says which text was agreed to. */
  version: string;
  title: string;
  /** One paragraph each. */
  text: string[];
  visibility: 'self' | 'aggregate' | 'granted' | 'room';
}

export interface LabelSet {
  /** Name of a shipped set; missing for words of one's own. */
  id?: string;
  kind?: string;
  labels: string[];
}

export interface ServerConfig {
  version: string;
  notice: Notice;
  visibility: 'self' | 'aggregate' | 'granted' | 'room';
  labelSets: LabelSet[];
  /** Whether this server plays the sample call. */
  sample: boolean;
  /** Id of the meeting that ships, where it is shown. */
  sampleMeeting?: string;
  transcript?: { included?: boolean; maxCharacters?: number };
  purpose?: { use: string; context: string; jurisdiction: string; basis?: string };
}

export interface Registration {
  roomId: string;
  participantId: string;
  token: string;
  displayName: string;
  notice: Notice;
  labels: LabelSet;
}

export interface StartedSample {
  roomId: string;
  token: string;
  durationMs: number;
  speakers: { participantId: string; displayName: string }[];
}
