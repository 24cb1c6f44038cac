import { percent, reasonText, shortReading, signed } from '../view/wording.ts';
import { utteranceRows, type Subject, type UtteranceRow } from './facts.ts';
import { formatMs } from './view.ts';
import { closedBy } from './wording.ts';

interface UtteranceTableProps {
  subject: Subject;
  zeroMs: number;
  onShow: (row: UtteranceRow) => void;
}

/** Every window as a row: the same as the picture, for those who read or hear it. */
export function UtteranceTable({ subject, zeroMs, onShow }: UtteranceTableProps) {
  const rows = utteranceRows(subject);
  const lost = subject.trace.words.filter(({ utteranceId }) => utteranceId === null);
  return (
    <>
      <div class="table-frame" tabIndex={0} role="region" aria-label={`Windows of ${subject.name}`}>
        <table data-testid="utterances">
          <thead>
            <tr>
              <th scope="col">start</th>
              <th scope="col">end</th>
              <th scope="col">length</th>
              <th scope="col">opened by</th>
              <th scope="col">closed by</th>
              <th scope="col">known after</th>
              <th scope="col">words</th>
              <th scope="col">cues suggest</th>
              <th scope="col">sentiment</th>
              <th scope="col">rests on</th>
              <th scope="col">results</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.window.utteranceId} row={row} zeroMs={zeroMs} onShow={() => onShow(row)} />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p class="quiet">No speech was found.</p>}
      {lost.length > 0 && (
        <p data-testid="lost-words">
          {lost.length} {lost.length === 1 ? 'word' : 'words'} found no window:{' '}
          {lost.map(({ text, startMs }) => `${text} (${formatMs(startMs - zeroMs)})`).join(', ')}
        </p>
      )}
    </>
  );
}

function Row({ row, zeroMs, onShow }: { row: UtteranceRow; zeroMs: number; onShow: () => void }) {
  const { window, words, result, interims, revisions } = row;
  const { startMs, endMs, closed, discarded } = window;
  const results = [
    ...(interims > 0 ? [`${interims} interim`] : []),
    ...(result?.type === 'emotion.final' ? ['final'] : []),
    ...(revisions > 0 ? [`revised ${revisions}×`] : []),
  ];
  return (
    <tr class={discarded ? 'row-discarded' : ''} data-utterance={window.utteranceId}>
      <th scope="row">
        <button type="button" class="time-button" onClick={onShow} title="Show it in the picture">
          {formatMs(startMs - zeroMs)}
        </button>
      </th>
      <td class="number">{endMs === undefined ? '' : formatMs(endMs - zeroMs)}</td>
      <td class="number">{endMs === undefined ? '' : `${((endMs - startMs) / 1_000).toFixed(2)} s`}</td>
      <td>{window.opened.by}</td>
      <td>{closedBy(window)}</td>
      <td class="number">{closed && endMs !== undefined ? `${Math.round(closed.atMs - endMs)} ms` : ''}</td>
      <td class="words-cell">{words.map(({ text }) => text).join(' ')}</td>
      <td>{result ? shortReading(result) : ''}</td>
      <td class="number">{result && !result.abstained ? signed(result.sentiment) : ''}</td>
      <td>{result ? evidence(result) : ''}</td>
      <td>{results.join(', ')}</td>
    </tr>
  );
}

function evidence({ modalities: { text, audio, video } }: NonNullable<UtteranceRow['result']>): string {
  return [
    text.used ? `${text.words} ${text.words === 1 ? 'word' : 'words'}` : `no words (${reasonText(text.reason)})`,
    audio.used ? `${(audio.speechMs / 1_000).toFixed(1)} s voice` : `no voice (${reasonText(audio.reason)})`,
    video.used
      ? `${video.frames} ${video.frames === 1 ? 'face' : 'faces'} (in ${percent(video.faceRatio)})`
      : `no face (${reasonText(video.reason)})`,
  ].join(', ');
}
