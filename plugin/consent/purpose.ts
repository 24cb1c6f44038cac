import { z } from 'zod';

/** Region codes in which the EU's AI Act holds: the Union, its members' own codes, and the rest of the EEA. */
const AI_ACT_REGIONS = new Set(
  (
    'EU AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE ' +
    'AX GF GP MF MQ RE YT IS LI NO'
  ).split(' '),
);

const regionNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

function isRegion(code: string): boolean {
  return code === 'none' || (/^[A-Z]{2}$/.test(code) && regionNames.of(code) !== undefined);
}

/** What the calls are analysed for, where, and under which law. Asked because the answer may be that it is forbidden. */
export const purposeSchema = z
  .strictObject({
    use: z
      .enum(['demo', 'personal-training', 'customer-care', 'research', 'accessibility', 'health'])
      .default('demo')
      .describe('What the results are used for.'),
    context: z
      .enum(['private', 'workplace', 'education', 'healthcare', 'public'])
      .default('private')
      .describe('Where the analysed people are: employees in a meeting are at a workplace.'),
    jurisdiction: z
      .string()
      .refine(isRegion, "a country's ISO 3166-1 code such as 'DE', or 'EU', or 'none'")
      .default('none')
      .describe("ISO 3166-1 code of the country whose law holds, 'EU', or 'none' for a trial on your own machine.")
      .meta({ allowed: "a country's ISO 3166-1 code such as `DE`, or `EU`, or `none`" }),
    basis: z
      .enum(['medical', 'safety'])
      .optional()
      .describe('The reason for which the AI Act allows it at work and in education.'),
  })
  .describe('Declared by who runs the server; some purposes are refused.');

/** @interface */
export type Purpose = z.infer<typeof purposeSchema>;
/** What is left out has its default. */
export type PurposeOptions = z.input<typeof purposeSchema>;

/** What is to be kept in mind for a purpose that is not refused, in sentences. Not legal advice. */
export function cautionsFor({ use, context, jurisdiction }: Purpose): string[] {
  if (!AI_ACT_REGIONS.has(jurisdiction)) return [];
  const cautions = [
    'Art. 50(3) of Regulation (EU) 2024/1689: people are told before they are first exposed (GET /v1/notice has the text)',
  ];
  if (use === 'customer-care' && context !== 'workplace') {
    cautions.push('Art. 5(1)(f): your own agents are at a workplace; ask customers alone');
  }
  return cautions;
}

/**
 * Why this purpose may not be served, or undefined when nothing known forbids it. Not legal advice: it knows one rule,
 * Art. 5(1)(f) of Regulation (EU) 2024/1689.
 */
export function refusePurpose({ context, jurisdiction, basis }: Purpose): string | undefined {
  if (!AI_ACT_REGIONS.has(jurisdiction)) return undefined;
  if ((context !== 'workplace' && context !== 'education') || basis !== undefined) return undefined;
  const where = context === 'workplace' ? 'at the workplace' : 'in education';
  return (
    `refused: in ${jurisdiction}, Art. 5(1)(f) of the EU AI Act (Regulation (EU) 2024/1689) forbids inferring ` +
    `emotions of people ${where}, except for medical or safety reasons. If such a reason holds, set purpose.basis to ` +
    `'medical' or 'safety' and keep its record; otherwise Undertone must not be used here`
  );
}
