import { standalonePage } from '../html/standalonePage.ts';
import type { PageParts } from './page-parts.ts';
import type { TimelineFile } from './TimelineFile.ts';

/**
 * A timeline as one HTML file that needs nothing else: it works from a disk, and its own policy forbids it the network.
 * The data stand in it as JSON (`timeline-data`), for programs that want to read them.
 */
export function timelinePage(file: TimelineFile, { script, style }: PageParts): string {
  const [safeScript, safeStyle] = [
    script.replaceAll('</script', '<\\/script'),
    style.replaceAll('</style', '<\\/style'),
  ];
  const { head, foot } = standalonePage({
    title: `${file.title} · Undertone timeline`,
    style: safeStyle,
    script: safeScript,
    comment:
      'Made by Undertone (Apache-2.0). Its script contains Preact, Copyright (c) 2015-present Jason Miller (MIT License).',
  });
  return `${head}<div id="app"></div>
<noscript>This page draws its picture by a script that is part of it. It asks no server for anything.</noscript>
<script type="application/json" id="timeline-data">${JSON.stringify(file).replaceAll('<', '\\u003c')}</script>
<script>${safeScript}</script>
${foot}`;
}
