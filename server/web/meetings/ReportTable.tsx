import type { ParticipantReport } from '../../../plugin/events/contract/v1/types.ts';
import type { Figure } from './figures.ts';

interface ReportTableProps {
  title: string;
  people: readonly ParticipantReport[];
  figures: readonly Figure[];
  nameOf: (participantId: string) => string;
}

/** People as rows, in the order in which the report has them, and figures as columns. Nothing can be sorted: nobody is ranked. */
export function ReportTable({ title, people, figures, nameOf }: ReportTableProps) {
  return (
    <div class="meeting-scroll" tabIndex={0} role="region" aria-label={title}>
      <table class="meetings-table">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">Participant</th>
            {figures.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr key={one.participantId}>
              <th scope="row">{nameOf(one.participantId)}</th>
              {figures.map(({ name, of }) => (
                <td key={name} class="number">
                  {of(one)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
