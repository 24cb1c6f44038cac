import { useEffect } from 'preact/hooks';
import { follow } from '../router.ts';
import { Banner } from '../ui/Banner.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Waves } from '../ui/Waves.tsx';
import { PageFrame } from './PageFrame.tsx';
import { StartForm } from './StartForm.tsx';
import { useConfig } from './useConfig.ts';
import { useSample } from './useSample.ts';

const SEEN_BY = {
  room: 'everybody in a call',
  granted: 'each person, and whom the host allows to',
  aggregate: 'each person alone, averages to everybody',
  self: 'each person alone',
} as const;

const CONTEXTS: Record<string, string> = {
  private: 'in private',
  workplace: 'at work',
  education: 'in education',
  healthcare: 'in healthcare',
  public: 'in public',
};

/** The first screen. */
export function HomePage() {
  const { config, problem } = useConfig();
  const sample = useSample();
  useEffect(() => {
    document.title = 'Undertone';
  }, []);
  return (
    <PageFrame>
      <main class="home">
        {problem && <Banner tone="warning">{problem}</Banner>}
        <section class="hero">
          <div class="hero-text">
            <h1>What a call says beneath its words.</h1>
            <p class="hero-lead">
              Undertone reads words, voice and face in your own video calls and tells, live and for each person, what
              expression cues suggest. On your server, and only for people who said yes.
            </p>
            <div class="hero-action">
              <button
                type="button"
                class="button button-primary button-large"
                disabled={sample.busy || config?.sample === false}
                onClick={sample.watch}
                data-testid="watch-sample"
              >
                <Icon name="play" /> {sample.busy ? 'Starting…' : 'Watch the sample call'}
              </button>
              <span class="hero-hint">
                {config?.sample === false
                  ? 'Turned off on this server.'
                  : 'No camera needed: three synthetic speakers, half a minute.'}
                {config?.sampleMeeting !== undefined && (
                  <>
                    {' '}
                    <a href={`/meetings/${config.sampleMeeting}`} onClick={follow} data-testid="sample-meeting">
                      Or look at it as a past meeting.
                    </a>
                  </>
                )}
              </span>
            </div>
            {sample.problem && <Banner tone="warning">{sample.problem}</Banner>}
          </div>
          <StartForm />
        </section>
        <Waves />
        <section class="facts" aria-label="How it works">
          <div>
            <h2>
              <Icon name="audio" /> Three cues, one reading
            </h2>
            <p>Each utterance is judged by voice, face and words together, and each reading says what it rests on.</p>
          </div>
          <div>
            <h2>
              <Icon name="shield" /> Nothing without a yes
            </h2>
            <p>
              Everybody chooses for themselves and can take it back in one click. What was said of them goes with it.
            </p>
          </div>
          <div>
            <h2>
              <Icon name="labels" /> Your words for it
            </h2>
            <p>Joy and anger, or engaged, confused and bored: labels are plain words, changed while the call runs.</p>
          </div>
        </section>
        <section class="honest" aria-label="What readings mean">
          <p>
            <strong>Read this first.</strong> A reading is an estimate of what people who judged similar recordings
            would have called the expression. It is not what somebody feels, and it is often wrong; it is no ground for
            a decision about anybody. Sound and picture are never stored, and nobody is recognised by face or voice. In
            the EU, inferring emotions at work and in education is forbidden by law, medical and safety reasons aside.
          </p>
          {config && (
            <p class="honest-server">
              Undertone {config.version}
              {config.purpose &&
                ` · this server’s declared purpose: ${config.purpose.use.replace('-', ' ')}, ${CONTEXTS[config.purpose.context] ?? config.purpose.context}`}
              {` · readings are shown to ${SEEN_BY[config.visibility]}`}
            </p>
          )}
        </section>
      </main>
    </PageFrame>
  );
}
