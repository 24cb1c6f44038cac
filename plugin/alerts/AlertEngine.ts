import { randomUUID } from 'node:crypto';
import type { Alert, EmotionAggregate, EmotionFinal } from '../events/contract/v1/types.ts';
import { messageOf } from './message.ts';
import {
  INITIAL_WATCH,
  reduceWatch,
  silentAtMs,
  type WatchChange,
  type WatchInput,
  type WatchState,
} from './reduceWatch.ts';
import type { CheckedRule } from './rules.ts';

/** An alert without what the room's numbering adds. */
export type AlertBody = Omit<Alert, 'v' | 'type' | 'eventId' | 'roomId' | 'atMs' | 'seq'>;

interface Watch {
  rule: CheckedRule;
  /** Undefined for the room as a whole. */
  participantId: string | undefined;
  state: WatchState;
  alertId: string | undefined;
}

/** Alerts of one participant that can still be taken back by their ids, as many as a retraction holds. */
const REMEMBERED = 10_000;
/** Utterances that an event names. */
const NAMED = 100;

function valueOf({ measure, label }: CheckedRule, event: EmotionFinal | EmotionAggregate): number | undefined {
  if (measure === 'sentiment') return event.sentiment;
  if (measure === 'label') return event.labels.find(({ name }) => name === label)?.p;
  return event.dimensions?.[measure];
}

/** Watches the results of one room by rules: one watch for each rule and participant, and one for each rule about means. */
export class AlertEngine {
  readonly #rules: readonly CheckedRule[];
  readonly #watches = new Map<string, Watch>();
  /** Utterances that each alert rests on, by participant and alert. */
  readonly #rests = new Map<string, Map<string, ReadonlySet<string>>>();

  constructor(rules: readonly CheckedRule[]) {
    this.#rules = rules;
  }

  /** Takes in a participant's result. */
  final(event: EmotionFinal): AlertBody[] {
    const { utteranceId, participantId, revision, abstained } = event;
    return this.#result('self', participantId, event, { id: utteranceId, revision, counts: abstained === undefined });
  }

  /** Takes in means over the room. */
  aggregate(event: EmotionAggregate): AlertBody[] {
    return this.#result('aggregate', undefined, event, { id: event.eventId, revision: 0, counts: true });
  }

  /** Ends what nothing has come for. */
  tick(atMs: number): AlertBody[] {
    return [...this.#watches.values()].flatMap((watch) => this.#step(watch, { kind: 'time', atMs }));
  }

  /** When `tick` has something to do next, wall ms; undefined while no alert is open. */
  get nextMs(): number | undefined {
    const due = [...this.#watches.values()].flatMap(({ rule, state }) => silentAtMs(rule, state) ?? []);
    return due.length > 0 ? Math.min(...due) : undefined;
  }

  /** Somebody has left: their alerts end, and can be taken back no more. */
  leave(participantId: string, atMs: number): AlertBody[] {
    const ended = this.#of(participantId).flatMap((watch) => this.#step(watch, { kind: 'left', atMs }));
    for (const [key, { participantId: whose, state }] of this.#watches) {
      // Only the quiet after an alert outlasts a visit.
      if (whose !== undefined && state.samples.length === 0 && state.quietUntilMs <= atMs) this.#watches.delete(key);
    }
    this.#rests.delete(participantId);
    return ended;
  }

  /**
   * Consent was withdrawn: everything that was gathered about a participant is forgotten, and means that they may be in count no more.
   * @returns ids of the alerts that are taken back: those that rest on these utterances, and those that are open
   */
  withdraw(participantId: string, utteranceIds: readonly string[]): string[] {
    const gone = new Set(utteranceIds);
    const theirs = this.#rests.get(participantId) ?? new Map<string, ReadonlySet<string>>();
    const open = new Set(this.#of(participantId).map(({ alertId }) => alertId));
    const back = [...theirs].filter(([id, ids]) => open.has(id) || !ids.isDisjointFrom(gone)).map(([id]) => id);
    for (const id of back) theirs.delete(id);
    for (const [key, watch] of this.#watches) {
      if (watch.participantId === participantId) this.#watches.delete(key);
      // An open alert about means ends with the next mean or with silence: at once would tell that somebody withdrew.
      else if (watch.participantId === undefined) watch.state = { ...watch.state, samples: [] };
    }
    return back;
  }

  #of(participantId: string): Watch[] {
    return [...this.#watches.values()].filter((watch) => watch.participantId === participantId);
  }

  #result(
    about: CheckedRule['about'],
    participantId: string | undefined,
    event: EmotionFinal | EmotionAggregate,
    { id, revision, counts }: { id: string; revision: number; counts: boolean },
  ): AlertBody[] {
    const { labelSet, span, atMs } = event;
    return this.#rules
      .filter((rule) => rule.about === about)
      .flatMap((rule) => {
        const sample = { id, ...span, hash: labelSet.hash, value: valueOf(rule, event) };
        const watch = this.#watch(rule, participantId);
        return this.#step(watch, { kind: 'result', sample, revision, labelSet, counts, atMs });
      });
  }

  #watch(rule: CheckedRule, participantId: string | undefined): Watch {
    const key = `${rule.id} ${participantId ?? ''}`;
    let watch = this.#watches.get(key);
    if (!watch) {
      watch = { rule, participantId, state: INITIAL_WATCH, alertId: undefined };
      this.#watches.set(key, watch);
    }
    return watch;
  }

  #step(watch: Watch, input: WatchInput): AlertBody[] {
    const [state, change] = reduceWatch(watch.rule, watch.state, input);
    watch.state = state;
    if (!change) return [];
    if (change.state === 'raised') {
      watch.alertId = randomUUID();
      this.#remember(watch, watch.alertId, change);
    }
    const body = bodyOf(watch, change);
    if (change.state === 'ended') watch.alertId = undefined;
    return [body];
  }

  #remember({ participantId }: Watch, alertId: string, { alert }: WatchChange): void {
    if (participantId === undefined) return;
    const theirs = this.#rests.get(participantId) ?? new Map<string, ReadonlySet<string>>();
    theirs.set(alertId, new Set(alert.ids));
    if (theirs.size > REMEMBERED) theirs.delete(theirs.keys().next().value!);
    this.#rests.set(participantId, theirs);
  }
}

function bodyOf({ rule, participantId, alertId }: Watch, change: WatchChange): AlertBody {
  const { id, about, measure, label, above, below, minResults, minMs } = rule;
  const { state, reason, alert, value, labelSet } = change;
  return {
    alertId: alertId!,
    state,
    ...(reason && { reason }),
    rule: {
      id,
      about,
      measure,
      ...(label !== undefined && { label }),
      ...(above !== undefined && { above }),
      ...(below !== undefined && { below }),
      minResults,
      minMs,
    },
    ...(participantId !== undefined && { participantId, utteranceIds: alert.ids.slice(-NAMED) }),
    span: alert.span,
    results: alert.results,
    value,
    labelSet,
    message: messageOf(rule, change),
  };
}
