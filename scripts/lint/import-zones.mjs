/**
 * Which way imports may run: server to plugin; in the plugin, the host side and the analyzer share the event contract
 * and the protocol; in the analyzer, each folder takes only from those above it. The client knows the contract alone.
 *
 * Zones of eslint-plugin-import-x's `no-restricted-paths`: in `target`, an import of `from` is an error.
 */

/** The folders of the analyzer, each of which may import those before it. */
const ANALYZER_FOLDERS = ['rtp', 'media', 'recording', 'speech', 'utterance', 'asr', 'inference'];

/** What the host process and the analyzer's processes say to each other: shared by both sides. */
const PROTOCOLS = ['protocol', 'recording-protocol'];

/** What lives in plugin/analyzer but runs in the host process: it starts the analyzer and talks to it. */
const HOST_FILES = ['AnalyzerLink', 'Supervisor'];

const hostSide = ['./plugin/*.ts', './plugin/!(analyzer|events)/**', `./plugin/analyzer/@(${HOST_FILES.join('|')}).ts`];
const analyzerSide = [`./plugin/analyzer/!(${[...HOST_FILES, ...PROTOCOLS].join('|')}).ts`, './plugin/analyzer/*/**'];

export const importZones = [
  {
    target: './plugin',
    from: ['./server', './scripts', './examples'],
    message: 'The plugin is a library: it knows nothing of what is built on it.',
  },
  { target: './server', from: ['./scripts', './examples'], message: 'The server runs without these.' },
  {
    target: './server/cluster',
    from: './server',
    except: ['./cluster', './config/schema.ts', './sfu/RequestError.ts', './sfu/Rooms.ts'],
    message: 'What servers share knows neither HTTP nor Socket.IO.',
  },
  {
    target: './server/store',
    from: './server',
    except: ['./store'],
    message: 'The store keeps what it is given: it knows neither rooms nor gateway nor HTTP.',
  },
  {
    target: './server/replay/session',
    from: './server',
    except: ['./replay/session', './store'],
    message: 'When events are due is worked out without knowing who watches, or over what.',
  },
  {
    target: './client',
    from: './plugin',
    except: ['./events/contract'],
    message: 'The client runs in browsers: it knows the event contract and nothing else.',
  },
  {
    target: './client',
    from: ['./server', './scripts', './examples'],
    message: 'The client is a library: it knows nothing of what is built on it.',
  },
  { target: './client/*.ts', from: './client/react', message: 'React is one way to use the client, not a part of it.' },
  { target: './plugin', from: './client', message: 'The plugin makes events; the client is for those who read them.' },
  {
    target: ['./client', './plugin', './server', './scripts', './examples', './bin'],
    from: './test',
    message: 'Nothing but tests imports tests.',
  },
  {
    target: './plugin/events',
    from: './plugin',
    except: ['./events'],
    message: 'The event contract stands on nothing: everything else follows from it.',
  },
  {
    target: './plugin/analytics',
    from: './plugin',
    except: ['./analytics', './events'],
    message: 'Analytics are made of events and nothing else.',
  },
  {
    target: hostSide,
    from: './plugin/analyzer',
    except: [...PROTOCOLS, ...HOST_FILES].map((file) => `./${file}.ts`),
    message: 'The host side shares only plugin/events/ and plugin/analyzer/protocol.ts with the analyzer.',
  },
  {
    target: analyzerSide,
    from: './plugin',
    except: ['./analyzer', './events'],
    message: 'The analyzer shares only plugin/events/ and plugin/analyzer/protocol.ts with the host side.',
  },
  {
    target: analyzerSide,
    from: HOST_FILES.map((file) => `./plugin/analyzer/${file}.ts`),
    message: 'This runs in the host process; the analyzer hears from it by plugin/analyzer/protocol.ts.',
  },
  ...ANALYZER_FOLDERS.flatMap((folder, index) => {
    const target = `./plugin/analyzer/${folder}`;
    const above = ANALYZER_FOLDERS.slice(0, index);
    const message = `plugin/analyzer/${folder} may import ${above.length > 0 ? above.join(', ') : 'none of its neighbours'} only: data flows one way.`;
    const below = ANALYZER_FOLDERS.slice(index + 1).map((name) => `./plugin/analyzer/${name}`);
    return [
      ...(below.length > 0 ? [{ target, from: below, message }] : []),
      // The entry files tie the folders together; what they say to their threads is the folders' to know as well.
      { target, from: './plugin/analyzer/!(*protocol).ts', message },
    ];
  }),
];
