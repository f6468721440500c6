// Rules and layer zones (CONTRIBUTING.md, "fences"). Arrows point down: ui, cli → host → domain → core.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { importX } from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';

/** `target` may not import from any of `from`. */
const zone = (target, from, message) => from.map((source) => ({ target, from: source, message }));

const zones = [
  ...zone('./server', ['./client'], 'Nothing in server/ imports from client/.'),
  ...zone('./server/src/core', ['./server/src/node', './server/src/lsp', './server/src/protocol'], 'The core is pure.'),
  ...zone(
    './server/src/protocol',
    ['./server/src/core', './server/src/node', './server/src/lsp'],
    'Names and plain types.',
  ),
  ...zone('./server/src/node', ['./server/src/lsp'], 'File access knows nothing of the language server.'),
  ...zone(
    './client/src/domain',
    ['./client/src/host', './client/src/cli', './client/src/ui', './server/src/node', './server/src/lsp'],
    'Domain code is pure: plans, not effects.',
  ),
  ...zone('./client/src/host', ['./client/src/cli', './client/src/ui'], 'Host code does not know who calls it.'),
  ...zone('./client/src/cli', ['./client/src/ui'], 'The terminal program and the extension share plans, not code.'),
  ...zone('./client/src/ui', ['./client/src/cli'], 'The terminal program and the extension share plans, not code.'),
  ...zone('./client/webview', ['./client/src/host', './client/src/ui', './client/src/cli'], 'A webview sees messages.'),
];

const nodeBuiltins = { regex: '^node:', message: 'Pure code uses no Node built-ins (decisions.md 3).' };
const vscodeOnly = { name: 'vscode', message: 'Only client/src/ui, app.ts and extension.ts import vscode.' };
const lspOnly = { regex: '^vscode-languageserver(/|$)', message: 'Only server/src/lsp imports the LSP runtime.' };

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'demo/', 'coverage/', 'node_modules/', 'test/fixtures/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': ['error', { maxDepth: 8 }],
      'no-restricted-imports': ['error', { paths: [vscodeOnly], patterns: [lspOnly] }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 420, skipComments: true, skipBlankLines: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: [
      'server/src/core/**/*.ts',
      'server/src/protocol/**/*.ts',
      'client/src/domain/**/*.ts',
      'client/src/shared/**/*.ts',
    ],
    rules: {
      'no-restricted-imports': ['error', { paths: [vscodeOnly], patterns: [nodeBuiltins, lspOnly] }],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'globalThis', 'setTimeout', 'setInterval', 'performance'],
    },
  },
  { files: ['server/src/lsp/**/*.ts'], rules: { 'no-restricted-imports': ['error', { paths: [vscodeOnly] }] } },
  {
    files: ['client/src/ui/**/*.ts', 'client/src/app.ts', 'client/src/extension.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-console': 'off',
    },
  },
  {
    // The stub stands in for the editor's module: held to its types by structure, never by class or enum.
    files: [
      'test/client/**/*.ts',
      'test/support/vscode-stub.ts',
      'test/support/vscode-stub/**',
      'test/support/extension-context.ts',
    ],
    rules: {
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
);
