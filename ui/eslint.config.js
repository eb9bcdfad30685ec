import css from '@eslint/css';
import tseslint from 'typescript-eslint';

const perRow = 'One per row costs seconds of script in a busy chat: make it once, at the top of a module.';
const html = 'Text is never put in as HTML: make elements, or let JSX do it.';

export default [
  { ignores: ['**/node_modules/**', '**/dist/**', '**/public/**', '**/schema.d.ts'] },
  ...tseslint.configs.recommended.map((config) => ({ ...config, files: ['**/*.{ts,tsx,js,mjs}'] })),
  {
    files: ['**/*.{ts,tsx,js,mjs}'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', caughtErrors: 'none' }],
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: ':function NewExpression[callee.object.name="Intl"]', message: perRow },
        { selector: ':function CallExpression[callee.object.name="Intl"]', message: perRow },
        { selector: 'CallExpression[callee.property.name=/^toLocale(Date|Time)?String$/]', message: perRow },
        { selector: 'AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]', message: html },
        { selector: 'CallExpression[callee.property.name="insertAdjacentHTML"]', message: html },
        { selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]', message: html },
      ],
    },
  },
  {
    files: ['**/*.css'],
    plugins: { css },
    language: 'css/css',
    languageOptions: { tolerant: true },
    rules: {
      // Left and right belong to one direction of writing; start and end to all of them.
      'css/prefer-logical-properties': [
        'error',
        { allowProperties: ['width', 'height', 'min-width', 'min-height', 'max-width', 'max-height', 'overflow-x', 'overflow-y'], allowUnits: ['vh', 'vw', 'dvh', 'dvw', 'svh', 'lvh', 'cqw', 'cqh'] },
      ],
      'css/no-duplicate-imports': 'error',
    },
  },
];
