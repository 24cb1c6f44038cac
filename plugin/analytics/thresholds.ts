/**
 * Where this project draws its lines; they go into each report as `method`. Times in ms. Pauses and overlaps are judged by what
 * is known of conversation (Heldner and Edlund, "Pauses, gaps and overlaps in conversations", J. Phonetics 38, 2010; Levinson
 * and Torreira, "Timing in turn-taking and its implications for processing models of language", Front. Psychol. 6:731, 2015),
 * and by what the ends of an utterance are worth: about a tenth of a second.
 */
export const THRESHOLDS = {
  /** Somebody who goes on after a pause up to this is in the same turn, unless another spoke in it. */
  turnPauseMs: 1_500,
  /** What is at most so long, and begins in somebody else's turn, is a back-channel ("mhm"). */
  backChannelMs: 1_000,
  /** The same for what is known to consist of back-channel words alone. */
  backChannelWordsMs: 2_000,
  /** Who has spoken for less when another begins has begun at the same time, rather than been interrupted. */
  heldMs: 500,
  /** Shorter overlaps are the way in which turns are passed on: about half of all overlaps take less than 200 ms. */
  overlapMs: 300,
  /** Who speaks on for longer has not stopped because of the other. */
  yieldMs: 3_000,
  /** Who begins later than this after another's turn does not respond to it. */
  responseMs: 10_000,
  /** Results that a series needs before changes are looked for. */
  seriesResults: 20,
  /** Results on each side of a change. */
  segmentResults: 5,
  /** Longer series are averaged down to so many points. */
  seriesPoints: 500,
  /** Stretches that a slope needs. */
  slopeBins: 6,
  /** Stretches of a trend at most. */
  trendBins: 48,
  /** Results that somebody needs to count in a mean over the room. */
  roomResults: 5,
} as const;
