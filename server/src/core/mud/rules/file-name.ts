import type { MudRule } from './rule';

/** MUD028: the loader wants `.mud` in the path, in small letters. */
export const fileName: MudRule = {
  code: 'MUD028',
  stage: 'loader',
  mistakes: [25],
  check({ document, lines }) {
    if (document.path.includes('.mud')) return [];
    const name = document.path.slice(Math.max(document.path.lastIndexOf('/'), document.path.lastIndexOf('\\')) + 1);
    const message = `The board does not take \`${name}\` for a MUD: the name has to end with \`.mud\` in small letters. Rename the file.`;
    return [{ code: 'MUD028', severity: 'error', message, range: lines.range(0, 0) }];
  },
};
