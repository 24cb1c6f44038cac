import type { Logger } from '../../plugin/UndertoneTypes.ts';
import type { Config } from '../config/schema.ts';

/** Says at the start which rules look at labels that are not asked for. A room may ask for them later. */
export function warnOfLabels(
  { alerts, labels, rooms }: Pick<Config, 'alerts' | 'labels' | 'rooms'>,
  sets: readonly { id: string; labels: string[] }[],
  log: Logger,
): void {
  const namesOf = (asked: string | string[]) =>
    typeof asked === 'string' ? (sets.find(({ id }) => id === asked)?.labels ?? []) : asked;
  for (const rule of alerts.rules) {
    const { id, label } = rule;
    if (label === undefined) continue;
    const asked = rule.rooms ? rule.rooms.map((room) => rooms[room]?.labels ?? labels) : [labels, ...ownLabels(rooms)];
    const known = [...new Set(asked.flatMap(namesOf))];
    if (known.includes(label)) continue;
    log.warn(
      { rule: id, label, known },
      'alert rule looks at a label that no room asks for: it raises nothing until one does',
    );
  }
}

function ownLabels(rooms: Config['rooms']): (string | string[])[] {
  return Object.values(rooms).flatMap((room) => (room.labels === undefined ? [] : [room.labels]));
}
