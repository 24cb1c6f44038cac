/** What the lanes and keys are, for whoever has not seen such a page. */
export function HowToRead() {
  return (
    <details class="how-to-read">
      <summary>How to read this</summary>
      <dl>
        <Lane name="level">
          Loudness of each 32 ms, from −60 to 0 dBFS; no sound is kept. A mark on top: made up for lost packets. Shaded:
          nothing came.
        </Lane>
        <Lane name="speech">
          How likely each 32 ms are speech. The lines are the thresholds at which it begins and ends; how much a voice
          stands out from the room counts as well. The bar at the bottom is what was judged to be speech.
        </Lane>
        <Lane name="windows">
          From the first speech to the last, with what closed it. The line after a window ends where its end was known.
          Dashed edge: opened by words. Dotted: too short, discarded.
        </Lane>
        <Lane name="words">
          Each word in its time, underlined like the window that it went to. Slanted: interim. Red: found no window.
        </Lane>
        <Lane name="face">
          Quality of the face in each sampled frame; a cross where there was none. Below the line it is not used.
        </Lane>
        <Lane name="labels">
          Probabilities of the newest result, the likeliest on the ground; dots where interim results came. Hatched: not
          clear enough to say.
        </Lane>
        <Lane name="sentiment">From −3 (below the line) to 3 (above it).</Lane>
        <Lane name="keys">
          With the focus on a picture: arrows move the cursor, Page Up and Page Down go from window to window, Home and
          End to the ends, + and − zoom, 0 shows all, comma and full stop move the view.
        </Lane>
        <Lane name="pointer">Drag to move, Ctrl and wheel or two fingers to zoom, double click to zoom in.</Lane>
      </dl>
      <p>
        Scores are probabilities of what was expressed, as people who label such recordings would say. They do not tell
        what somebody feels.
      </p>
    </details>
  );
}

function Lane({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
