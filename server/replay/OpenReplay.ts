import { RequestError } from '../sfu/RequestError.ts';
import type { Meeting, MeetingParticipant } from '../store/index.ts';
import { isVisible, mayFollow } from '../gateway/emotion/View.ts';
import type { SeenMeeting } from './MeetingViews.ts';
import { ReplaySession } from './session/ReplaySession.ts';
import type { Outlet, Source, Timing } from './session/SessionTypes.ts';
import { durationOf } from './toAnswer.ts';

const realTime: Timing = {
  now: () => performance.now(),
  schedule: (work, delayMs) => {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A meeting that was kept, as a viewer may see it. */
function sourceOf({ meeting, view, from: store }: SeenMeeting): Source {
  const { meetingId, startMs } = meeting;
  return {
    startMs,
    durationMs: durationOf(meeting),
    read: (from, limit) => store.events(meetingId, { from, limit }),
    shows: (event) => isVisible(event, view),
    ordAt: (positionMs) => (positionMs <= 0 ? Promise.resolve(0) : store.ordAt(meetingId, startMs + positionMs)),
    standing: async (ord) => {
      const { events, present } = await store.standing(meetingId, ord);
      return {
        events: events.filter((event) => isVisible(event, view)),
        present: present.filter((participantId) => mayFollow(view, participantId)),
      };
    },
  };
}

export interface OpenReplayOptions {
  seen: SeenMeeting;
  outlet: Outlet;
  speed: number;
  paused: boolean;
  /** Ends it for the viewer, with the reason. */
  ended: (problem: RequestError) => void;
}

/** A replay that somebody has opened. */
export class OpenReplay {
  readonly meeting: Meeting;
  readonly session: ReplaySession;
  readonly #options: OpenReplayOptions;

  constructor(options: OpenReplayOptions) {
    const { seen, outlet, speed, paused } = options;
    this.#options = options;
    this.meeting = seen.meeting;
    this.session = new ReplaySession({
      source: sourceOf(seen),
      outlet,
      timing: realTime,
      speed,
      paused,
      failed: () => this.#end(new RequestError('unavailable', 'the meeting cannot be read now; try again in a moment')),
    });
  }

  /** Those whom the viewer may see, and who are still in the store. */
  async participants(): Promise<MeetingParticipant[]> {
    const { seen } = this.#options;
    const all = await seen.from.participants(this.meeting.meetingId);
    return all.filter(({ participantId }) => mayFollow(seen.view, participantId));
  }

  /** Ends it when the meeting is not there any more. */
  async endIfGone(): Promise<void> {
    if (await this.#options.seen.from.meeting(this.meeting.meetingId)) return;
    this.#end(new RequestError('not-found', 'the meeting was deleted', 'meetingId'));
  }

  #end(problem: RequestError): void {
    this.#options.ended(problem);
  }
}
