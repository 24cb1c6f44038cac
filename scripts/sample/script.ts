/**
 * What is said in the sample call, by whom and how. Everything else (voices, lips, faces, captions) follows from this.
 *
 * Fundamental frequencies are in Hz; `stretch` is the duration factor of the speech synthesiser (1 = as recorded).
 */

/** How a line is performed. */
export interface Delivery {
  f0MeanHz: number;
  /** Spread of the pitch contour as the synthesiser takes it; about twice the spread that comes out. */
  f0SpreadHz: number;
  stretch: number;
  /** Loudness relative to the other lines. */
  gainDb: number;
  /** Shelf above 2 kHz: pressed voices are brighter, low-spirited ones duller. */
  brightnessDb: number;
}

/** What a face shows; see face/feelings.ts. */
export type Feeling = 'neutral' | 'joy' | 'surprise' | 'annoyance' | 'anger' | 'worry' | 'sadness' | 'warmth';

export interface Line {
  speaker: SpeakerId;
  /** Silence before the line, counted from the end of the previous one, in ms. */
  pauseMs: number;
  sentences: string[];
  feeling: Feeling;
  /** What the listeners' faces answer. @default neutral */
  reactions?: Partial<Record<SpeakerId, Feeling>>;
  delivery: Delivery;
}

export const speakerIds = ['maya', 'callum', 'ellis'] as const;
export type SpeakerId = (typeof speakerIds)[number];

export const displayNames: Record<SpeakerId, string> = {
  maya: 'Maya',
  callum: 'Callum',
  ellis: 'Ellis',
};

/** Voices of the Flite synthesiser (Carnegie Mellon University, free licence). */
export const voices: Record<SpeakerId, string> = { maya: 'slt', callum: 'awb', ellis: 'rms' };

const lively = { f0MeanHz: 236, f0SpreadHz: 100, stretch: 0.9, gainDb: 0, brightnessDb: 2 };
const pressed = { f0MeanHz: 172, f0SpreadHz: 62, stretch: 0.84, gainDb: 3, brightnessDb: 5 };
const heavy = { f0MeanHz: 88, f0SpreadHz: 5, stretch: 1, gainDb: -5, brightnessDb: -6 };

export const title = 'The morning after the launch';

export const lines: Line[] = [
  {
    speaker: 'maya',
    pauseMs: 700,
    sentences: ['We did it!', 'This is wonderful, people love the new version!'],
    feeling: 'joy',
    reactions: { callum: 'annoyance', ellis: 'worry' },
    delivery: lively,
  },
  {
    speaker: 'callum',
    pauseMs: 500,
    sentences: ['This is outrageous.', 'Nobody told support about the new prices. Again!'],
    feeling: 'annoyance',
    reactions: { maya: 'surprise', ellis: 'worry' },
    delivery: { ...pressed, stretch: 0.86, f0MeanHz: 158, gainDb: 1 },
  },
  {
    speaker: 'ellis',
    pauseMs: 600,
    sentences: ['It is so sad.', 'We lost our oldest customer today.'],
    feeling: 'sadness',
    reactions: { maya: 'worry' },
    delivery: heavy,
  },
  {
    speaker: 'maya',
    pauseMs: 400,
    sentences: ['Wait, what?', 'I had no idea! Was it the new prices?'],
    feeling: 'surprise',
    reactions: { callum: 'annoyance', ellis: 'sadness' },
    delivery: { ...lively, f0MeanHz: 250, f0SpreadHz: 120, stretch: 0.95, gainDb: -1 },
  },
  {
    speaker: 'callum',
    pauseMs: 400,
    sentences: ['Of course it was!', 'It makes me furious, every single time!'],
    feeling: 'anger',
    reactions: { maya: 'worry', ellis: 'sadness' },
    delivery: pressed,
  },
  {
    speaker: 'ellis',
    pauseMs: 700,
    sentences: ['I am worried that they are not the only ones.'],
    feeling: 'worry',
    reactions: { maya: 'sadness' },
    delivery: { ...heavy, f0MeanHz: 84, stretch: 1.04 },
  },
  {
    speaker: 'maya',
    pauseMs: 600,
    sentences: ['We will put it right.', 'Thank you, I am so proud of this team!'],
    feeling: 'warmth',
    reactions: { callum: 'neutral', ellis: 'warmth' },
    delivery: { ...lively, f0MeanHz: 222, f0SpreadHz: 85, stretch: 0.96 },
  },
];

/** Silence after the last line, in ms. */
export const tailMs = 1300;
