/**
 * Which way imports may run: server to plugin; in the plugin, the host side and the analyzer share the event contract
 * and the protocol; in the analyzer, each folder takes only from those above it.
 *
 * Zones of eslint-plugin-import-x's `no-restricted-paths`: in `target`, an import of `from` is an error.
 */

/** The folders of the analyzer, each of which may import those before it. */
const ANALYZER_FOLDERS = ['rtp', 'media', 'speech', 'utterance', 'inference'];

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
    target: ['./plugin', './server', './scripts', './examples', './bin'],
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
