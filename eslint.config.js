import importX, { createNodeResolver } from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { importZones } from './scripts/lint/import-zones.mjs';

/** Calls of node:test whose promise the runner itself awaits. */
const TEST_CALLS = ['test', 'it', 'describe', 'suite', 'before', 'after', 'beforeEach', 'afterEach'];

export default defineConfig([
  globalIgnores(['dist/', 'node_modules/', 'models/', 'test-output/', '.cache/']),
  tseslint.configs.recommended,
  {
    name: 'undertone/all',
    plugins: { 'import-x': importX },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.mjs', '.js'] })],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: importZones }],
      eqeqeq: 'error',
      'no-constant-binary-expression': 'error',
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-dupe-else-if': 'error',
      'no-duplicate-case': 'error',
      'no-empty': 'error',
      'no-fallthrough': 'error',
      'no-self-assign': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-unreachable': 'error',
      'no-unsafe-finally': 'error',
      'no-unsafe-optional-chaining': 'error',
      'no-useless-escape': 'error',
      'require-yield': 'error',
      'use-isnan': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    name: 'undertone/typescript',
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: TEST_CALLS }] },
      ],
      // Indices into typed arrays, whose bounds the loop around them holds.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Interfaces write functions as methods; the ones taken off their object here are such.
      '@typescript-eslint/unbound-method': 'off',
      // An async method is often what an interface asks for, whether or not this implementation waits.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    name: 'undertone/plugin',
    files: ['plugin/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['fastify', '@fastify/*', 'socket.io', 'socket.io-*', '@socket.io/*', 'pino', 'prom-client'],
              message: 'The plugin knows neither HTTP nor Socket.IO: that is the server.',
            },
          ],
        },
      ],
    },
  },
  {
    name: 'undertone/client',
    files: ['client/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', 'rxjs', 'zod', 'socket.io', 'fastify', 'mediasoup*', 'preact', 'preact/*'],
              message: 'The client runs in browsers and stays small: socket.io-client, and React in client/react.',
            },
          ],
        },
      ],
    },
  },
  {
    name: 'undertone/plain-javascript',
    files: ['**/*.js', '**/*.mjs'],
    ignores: ['server/web/**'],
    rules: { 'no-undef': 'error' },
    languageOptions: {
      globals: {
        AbortController: 'readonly',
        URL: 'readonly',
        clearInterval: 'readonly',
        clearTimeout: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        process: 'readonly',
        setInterval: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
]);
