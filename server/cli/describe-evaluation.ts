import type { Evaluation } from '../evaluation/index.ts';

type Report = Evaluation['report'];

/** An evaluation as tables for people. */
export function describeEvaluation({ report, names }: Evaluation): string {
  return [summary(report), labelTable(report, names), ...confusionTable(report)].join('\n\n');
}

function summary(report: Report): string {
  const { model, labelSet, modalities, faces, skipped, ordinal } = report;
  const used = Object.entries(modalities).filter(([, count]) => count > 0);
  const rows: [name: string, value: string][] = [
    ['model', `${model.id} ${model.version} on ${model.provider}`],
    ['labels', `${labelSet.id}, ${report.kind}`],
    ['items', `${report.n}${skipped > 0 ? `, ${skipped} left out` : ''}`],
    ['modalities', used.map(([name, count]) => `${name} ${count}`).join(', ')],
    ...(faces ? [['faces', `${faces.detected} detected, ${faces.whole} taken whole`] as [string, string]] : []),
    [report.kind === 'multi' ? 'exact match' : 'accuracy', percent(report.accuracy)],
    ['average recall', `${percent(report.uar)} (unweighted)`],
    ['weighted F1', percent(report.weightedF1)],
    ['macro F1', percent(report.macroF1)],
    ['calibration error', percent(report.ece)],
    ...Object.entries(ordinal ?? {}).map(([name, value]): [string, string] => scaleRow(name, value as number)),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

function scaleRow(name: string, value: number): [string, string] {
  switch (name) {
    case 'mae':
      return ['mean abs. error', value.toFixed(3)];
    case 'pearson':
      return ['Pearson', value.toFixed(3)];
    case 'acc7':
      return ['Acc-7', percent(value)];
    default:
      return [name === 'acc2Has0' ? 'Acc-2, with 0' : 'Acc-2, without 0', percent(value)];
  }
}

function labelTable({ perLabel, kind }: Report, names: readonly string[]): string {
  const withThreshold = kind === 'multi';
  const header = ['label', 'precision', 'recall', 'F1', 'items', ...(withThreshold ? ['threshold'] : [])];
  const rows = names.map((name) => {
    const { precision, recall, f1, support, threshold } = perLabel[name]!;
    const figures = [percent(precision), percent(recall), percent(f1), String(support)];
    return [name, ...figures, ...(withThreshold ? [threshold!.toFixed(3)] : [])];
  });
  return table([header, ...rows]);
}

/** Rows are what items are, columns what the model says; columns go by number, so that many labels fit a terminal. */
function confusionTable({ confusion }: Report): string[] {
  if (!confusion) return [];
  const { labels, counts } = confusion;
  const header = ['is \\ taken for', ...labels.map((_, i) => String(i + 1))];
  return [table([header, ...counts.map((row, i) => [`${i + 1} ${labels[i]}`, ...row.map(String)])])];
}

/** The first column to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
    .join('\n');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
