/** The program of a timeline page: it reads its data from the page itself and asks nobody for anything. */
import { render } from 'preact';
import type { TimelineFile } from '../../timeline/TimelineFile.ts';
import { TimelinePage } from './TimelinePage.tsx';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/controls.css';
import './lanes.css';
import './page.css';

const file = JSON.parse(document.getElementById('timeline-data')!.textContent) as TimelineFile;
render(<TimelinePage file={file} />, document.getElementById('app')!);
