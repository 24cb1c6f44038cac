/** The server as a library: for tests, the command line and the demo. */
export { createServer, type Server, type ServerDependencies } from './createServer.ts';
export { ConfigError, type ConfigProblem } from './config/ConfigError.ts';
export { loadConfig, type ConfigSources } from './config/loadConfig.ts';
export type { Config, ConfigInput } from './config/schema.ts';
