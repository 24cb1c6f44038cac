import type { Claims } from '../gateway/access/claims.ts';
import { withinVisibility } from '../gateway/access/scopes.ts';
import { Differencing } from '../gateway/emotion/Differencing.ts';
import { mayFollow, viewOf, type View } from '../gateway/emotion/View.ts';
import { RequestError } from '../sfu/RequestError.ts';
import type { Meeting, MeetingParticipant, MeetingReader, MeetingStore } from '../store/index.ts';

/** A meeting as somebody sees it. */
export interface SeenMeeting {
  meeting: Meeting;
  /** Where the rest of it is read. */
  from: MeetingReader;
  view: View;
  /** Those whose events the view shows. */
  participants: MeetingParticipant[];
}

export interface MeetingPlaces {
  /** Undefined where nothing is kept. */
  kept?: MeetingStore;
  /** The meeting that ships with Undertone, of nobody real; undefined where it is not shown. */
  sample?: MeetingReader & { readonly id: string };
}

export interface MeetingsQuery {
  roomId?: string;
  /** Those that began before, wall ms. */
  before?: number;
  limit: number;
}

/** Meetings whose bearers' choice between means and single results is remembered. */
const MAX_REMEMBERED = 10_000;
/** Meetings looked at for one page of a list. */
const MAX_LOOKED_AT = 1_000;

type Visibility = Parameters<typeof withinVisibility>[1];

/** What its participants were told is the most that anybody sees; a recording's speakers were told by who brings it. */
function visibilityOf({ visibility, source }: Meeting): Visibility {
  if (visibility === 'room' || visibility === 'granted' || visibility === 'aggregate') return visibility;
  return visibility === undefined && source === 'recording' ? 'granted' : 'self';
}

/**
 * What somebody sees of a meeting. The token's room has to be the meeting's, except for an administrator. A token with `call` is a
 * seat in a call: it shows what was the bearer's own to see, a meeting in which they took part. The voices of a sample are
 * nobody's, so everybody sees them.
 *
 * @returns undefined when it shows nothing
 */
function viewOfMeeting(claims: Claims | undefined, meeting: Meeting, participants: readonly MeetingParticipant[]) {
  const nobodys = participants.filter(({ role }) => meeting.source === 'sample' && role === 'sample');
  const view: View = {
    all: false,
    subjects: new Set(nobodys.map(({ participantId }) => participantId)),
    aggregate: false,
  };
  // Where nobody else was there, what rests on all of them is nobody's as well.
  view.all = nobodys.length > 0 && nobodys.length === participants.length;
  view.aggregate = view.all;
  if (!claims) return nobodys.length > 0 ? view : undefined;
  const { scope, roomId, participantId } = claims;
  const admin = scope.includes('admin');
  const tookPart = participants.some((one) => one.participantId === participantId);
  const entitled = admin || (roomId === meeting.roomId && (tookPart || !scope.includes('call')));
  if (entitled) {
    const own = viewOf({ ...claims, scope: withinVisibility(scope, visibilityOf(meeting), participantId) });
    const others = [...own.subjects].some((subject) => subject !== participantId);
    // Means less what is known of some say something about the rest.
    view.aggregate ||= own.all || (own.aggregate && !others);
    view.all ||= own.all;
    view.subjects = new Set([...view.subjects, ...own.subjects]);
  }
  const shows = view.all || view.aggregate || participants.some((one) => mayFollow(view, one.participantId));
  return shows || admin ? view : undefined;
}

/** Who sees what of the meetings that are kept: by HTTP, and in a replay. */
export class MeetingViews {
  /** Undefined where nothing is kept. */
  readonly kept: MeetingStore | undefined;
  readonly #sample: MeetingPlaces['sample'];
  readonly #differencing = new Map<string, Differencing>();

  constructor({ kept, sample }: MeetingPlaces) {
    this.kept = kept;
    this.#sample = sample;
  }

  /** Whether there is something to see for who has no token: the meeting that ships. */
  get forAnybody(): boolean {
    return this.#sample !== undefined;
  }

  isSample(meetingId: string): boolean {
    return this.#sample?.id === meetingId;
  }

  /**
   * @param claims - of the token; undefined for somebody without one
   * @throws RequestError `not-found`, or `forbidden` for what the token does not show
   */
  async see(claims: Claims | undefined, meetingId: string): Promise<SeenMeeting> {
    const from = this.isSample(meetingId) ? this.#sample : this.kept;
    const meeting = await from?.meeting(meetingId);
    if (!from || !meeting) throw this.noSuchMeeting();
    const seen = await this.#seen(claims, meeting, from);
    if (seen) return seen;
    if (!claims) throw new RequestError('unauthorized', 'a token is needed to see this meeting', 'token');
    throw new RequestError('forbidden', 'the token does not show this meeting', 'meetingId');
  }

  noSuchMeeting(): RequestError {
    const why = this.kept ? '' : '; this server keeps none, see the setting `storage`';
    return new RequestError('not-found', `there is no such meeting${why}`, 'meetingId');
  }

  /**
   * To be asked before means or single results are given out.
   * @throws RequestError `forbidden` when the bearer has had the other kind of this meeting
   */
  checkDifferencing(claims: Claims | undefined, { meeting: { meetingId }, view, participants }: SeenMeeting): void {
    if (!claims || view.all) return;
    let differencing = this.#differencing.get(meetingId);
    if (!differencing) {
      const oldest = this.#differencing.keys().next().value;
      if (this.#differencing.size >= MAX_REMEMBERED && oldest !== undefined) this.#differencing.delete(oldest);
      differencing = new Differencing();
      this.#differencing.set(meetingId, differencing);
    }
    // Only who was there can be found out about, and a sample's voices are nobody's.
    const present = participants.filter(({ role }) => role !== 'sample').map(({ participantId }) => participantId);
    differencing.check(claims.participantId, { ...view, subjects: new Set(present) });
  }

  /** Newest first; those that began at the same moment stay on one page. `next` is where to go on, though nothing more may be there to see. */
  async list(claims: Claims | undefined, { roomId, before, limit }: MeetingsQuery) {
    const admin = claims?.scope.includes('admin') ?? false;
    // Without a right to more, only one's own room is looked through, or the samples.
    const room = admin || !claims ? roomId : (roomId ?? claims.roomId);
    const meetings: Meeting[] = [];
    let next = before;
    for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT;) {
      const page = await this.#page({ roomId: room, before: next, limit: limit + 1 }, roomId);
      const whole = withoutSplitGroup(page, limit);
      for (const [index, { meeting, from }] of whole.entries()) {
        lookedAt += 1;
        next = meeting.startMs;
        if (await this.#seen(claims, meeting, from)) meetings.push(meeting);
        const sameMoment = whole[index + 1]?.meeting.startMs === meeting.startMs;
        if (meetings.length >= limit && !sameMoment) return { meetings, next };
      }
      if (page.length <= limit) return { meetings };
    }
    return { meetings, next };
  }

  /** @param asked - the room that was asked for: the sample is of no room of anybody's */
  async #page(query: Required<Pick<MeetingsQuery, 'limit'>> & Partial<MeetingsQuery>, asked: string | undefined) {
    const read = async (from: MeetingReader | undefined, wanted: MeetingsQuery): Promise<PlacedMeeting[]> =>
      ((await from?.meetings(wanted)) ?? []).map((meeting) => ({ meeting, from: from! }));
    const [kept, sample] = await Promise.all([read(this.kept, query), read(this.#sample, { ...query, roomId: asked })]);
    return [...kept, ...sample].sort((a, b) => b.meeting.startMs - a.meeting.startMs).slice(0, query.limit);
  }

  async #seen(claims: Claims | undefined, meeting: Meeting, from: MeetingReader): Promise<SeenMeeting | undefined> {
    const participants = await from.participants(meeting.meetingId);
    const view = viewOfMeeting(claims, meeting, participants);
    return (
      view && {
        meeting,
        from,
        view,
        participants: participants.filter(({ participantId }) => mayFollow(view, participantId)),
      }
    );
  }
}

type PlacedMeeting = Pick<SeenMeeting, 'meeting' | 'from'>;

/** Pages go on by the time of the start: meetings that began at the same moment stay on one page. */
function withoutSplitGroup(page: readonly PlacedMeeting[], limit: number): PlacedMeeting[] {
  if (page.length <= limit) return [...page];
  const rest = page.at(-1)!.meeting.startMs;
  const whole = page.filter(({ meeting }) => meeting.startMs > rest);
  return whole.length > 0 ? whole : page.slice(0, limit);
}
