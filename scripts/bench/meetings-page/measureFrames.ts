import type { Page } from 'playwright-core';
import { quantile, round } from '../shared/statistics.ts';

export interface Frames {
  frames: number;
  /** Time from frame to frame; a screen of 60 Hz has one every 16.7 ms. */
  p50Ms: number;
  p95Ms: number;
  maxMs: number;
  /** Processor time of the page's main thread: what else runs on the machine does not lengthen it. */
  cpuMsPerFrame: number;
}

const SECONDS = 6;

/** What a reader does, as events of the browser. `frames` collects the times of frames. */
const IN_PAGE = `
  const slider = document.querySelector('[data-testid=meeting-timeline]');
  slider.setPointerCapture = () => undefined;
  const box = () => slider.getBoundingClientRect();
  const point = (share) => ({ clientX: box().left + share * box().width, clientY: box().top + 100 });
  const send = (Kind, type, more) => slider.dispatchEvent(new Kind(type, { bubbles: true, cancelable: true, ...more }));
  const press = (share) => send(PointerEvent, 'pointerdown', { pointerId: 1, buttons: 1, ...point(share) });
  const drag = (share) => send(PointerEvent, 'pointermove', { pointerId: 1, buttons: 1, ...point(share) });
  const wheel = (deltaY) => send(WheelEvent, 'wheel', { deltaY, ctrlKey: true, ...point(0.4) });
  const sideways = (deltaX) => send(WheelEvent, 'wheel', { deltaX, ...point(0.4) });
  const play = (speed) => {
    const rate = document.querySelector('[data-testid=meeting-rate]');
    rate.value = String(speed);
    rate.dispatchEvent(new Event('change', { bubbles: true }));
    document.querySelector('[data-testid=meeting-play]').click();
  };`;

/** Does something with each frame for some seconds. */
export async function measureFrames(
  page: Page,
  { before = '', step }: { before?: string; step: string },
): Promise<Frames> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busyMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN) * 1_000;
  };
  const playing = before.startsWith('play');
  await page.evaluate(`(() => { ${IN_PAGE} ${before}; })()`);
  if (playing) await page.getByTestId('meeting-playback').filter({ hasText: 'playing' }).waitFor();
  const beforeMs = await busyMs();
  const times = await page.evaluate<number[]>(`(() => { ${IN_PAGE}
    return new Promise((done) => {
      const times = [];
      const frame = (now) => {
        times.push(now);
        const share = (now - times[0]) / ${SECONDS * 1_000};
        if (share >= 1) return done(times);
        ${step};
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
  })()`);
  const usedMs = (await busyMs()) - beforeMs;
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  return {
    frames: gaps.length,
    p50Ms: round(quantile(gaps, 0.5)),
    p95Ms: round(quantile(gaps, 0.95)),
    maxMs: round(Math.max(...gaps)),
    cpuMsPerFrame: round(usedMs / gaps.length),
  };
}
