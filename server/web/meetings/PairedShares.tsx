import { share } from './figures.ts';
import type { LabelPair } from './pairs.ts';

interface PairedSharesProps {
  labels: readonly LabelPair[];
  colors: ReadonlyMap<string, number>;
  caption: string;
}

/** Each label in two meetings: the first's bar above the second's, and both figures. */
export function PairedShares({ labels, colors, caption }: PairedSharesProps) {
  return (
    <table class="meeting-pairs">
      <caption class="sr-only">{caption}</caption>
      <thead class="sr-only">
        <tr>
          <th scope="col">Label</th>
          <td />
          <th scope="col">A</th>
          <th scope="col">B</th>
        </tr>
      </thead>
      <tbody>
        {labels.map(({ name, shares }) => (
          <tr key={name} class={`label-${colors.get(name) ?? 0}`} data-testid="label-pair">
            <th scope="row">{name}</th>
            <td class="meeting-pair-bars">
              <svg class="meeting-pair" viewBox="0 0 100 18" preserveAspectRatio="none" aria-hidden="true">
                <rect width={(shares[0] ?? 0) * 100} y="0" height="8" />
                <rect class="meeting-pair-second" width={(shares[1] ?? 0) * 100} y="10" height="8" />
              </svg>
            </td>
            <td class="number">{share(shares[0])}</td>
            <td class="number">{share(shares[1])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
