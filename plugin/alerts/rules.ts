import { z } from 'zod';

/** How far the values of each measure reach. */
const RANGES = {
  label: [0, 1],
  sentiment: [-3, 3],
  valence: [0, 1],
  arousal: [0, 1],
  dominance: [0, 1],
} as const;

/** How far a value has to come back for an alert to end, where a rule does not say. */
const MARGINS = { label: 0.1, sentiment: 0.5, valence: 0.05, arousal: 0.05, dominance: 0.05 } as const;

/** Marks problems whose message has all that there is to say, the allowed values among it. */
const TOLD = { told: true };

const threshold = z.number().min(-3).max(3).optional();
const ms = (least: number, most: number) => z.number().int().min(least).max(most);

/** One rule, as it is written. */
const fields = z.strictObject({
  id: z
    .string()
    .regex(/^[\w-]{1,80}$/)
    .describe('Name of the rule.')
    .meta({ allowed: '1 to 80 of a-z, A-Z, 0-9, _ and -' }),
  about: z.enum(['self', 'aggregate']).describe('One participant’s own results, or means over the room.'),
  measure: z.enum(['label', 'sentiment', 'valence', 'arousal', 'dominance']).describe('What is looked at.'),
  label: z.string().min(1).max(80).optional().describe('The label, with the measure `label`.'),
  above: threshold.describe('The value has to reach this, or `below`.'),
  below: threshold.describe('The value has to be no more than this.'),
  margin: z.number().min(0).max(3).optional().describe('How far it has to come back for the alert to end.'),
  minResults: z.number().int().min(1).max(100).default(3).describe('Results in a row.'),
  minMs: ms(0, 900_000).default(0).describe('Time from the beginning of the first to the end of the last.'),
  maxGapMs: ms(1_000, 3_600_000).default(300_000).describe('Results further apart are not in a row.'),
  coolDownMs: ms(0, 86_400_000).default(300_000).describe('Quiet after an alert has ended.'),
  rooms: z.array(z.string().min(1).max(200)).min(1).max(1_000).optional().describe('Only in these rooms.'),
});

type Fields = z.infer<typeof fields>;

function check(rule: Fields, fault: (path: string, message: string) => void): void {
  const { measure, label, above, below, margin = MARGINS[measure] } = rule;
  const [least, most] = RANGES[measure];
  if (measure === 'label' && label === undefined) fault('label', 'nothing is given; allowed: the label to look at');
  if (measure !== 'label' && label !== undefined) fault('label', 'belongs to measure: label; allowed: leave it out');
  if ((above === undefined) === (below === undefined)) {
    fault('above', 'one of above and below is needed, and not both; allowed: one of the two');
  }
  for (const [name, value] of Object.entries({ above, below })) {
    if (value === undefined) continue;
    if (value < least || value > most) {
      fault(name, `${value} is no value of ${measure}; allowed: a number from ${least} to ${most}`);
      continue;
    }
    const end = name === 'above' ? value - margin : value + margin;
    if (end < least || end > most) {
      const room = Math.round((name === 'above' ? value - least : most - value) * 1e6) / 1e6;
      fault('margin', `with ${margin} the alert would never end; allowed: a number from 0 to ${room}`);
    }
  }
}

/** A rule: what it looks at and when it raises an alert. Also what the server's configuration is checked against. */
export const alertRule = fields
  .superRefine((rule, context) =>
    check(rule, (path, message) => context.addIssue({ code: 'custom', path: [path], message, params: TOLD })),
  )
  .transform((rule) => ({ ...rule, margin: rule.margin ?? MARGINS[rule.measure] }));

export const alertRules = z
  .array(alertRule)
  .max(100)
  .superRefine((rules, context) => {
    rules.forEach(({ id }, index) => {
      if (rules.findIndex((rule) => rule.id === id) === index) return;
      const message = `${id} is taken; allowed: a name of its own`;
      context.addIssue({ code: 'custom', path: [index, 'id'], message, params: TOLD });
    });
  })
  .default([]);

/** A checked rule with its defaults. */
export type CheckedRule = z.infer<typeof alertRule>;
