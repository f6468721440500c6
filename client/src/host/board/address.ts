import { AppError } from '../../../../server/src/core/problems/app-error';
import { splitHost } from '../../../../server/src/core/recipe/host';

/** `deploy.host` in schemas/recipe.schema.json. */
const IN_RECIPE = /^([^\s:/@[\]]+|\[[0-9A-Fa-f:.%a-z]+\])(:[0-9]{1,5})?$/;

/** Whether an address may stand in a recipe. */
export function isBoardAddress(text: string): boolean {
  const { port } = splitHost(text);
  return IN_RECIPE.test(text) && port >= 1 && port <= 65535;
}

/**
 * Host and TCP port of `HOST`, `HOST:PORT` or `[IPv6]:PORT`; port 22 where none is given.
 *
 * @throws AppError `BOARD_ADDRESS` (usage).
 */
export function boardAddress(text: string): { readonly host: string; readonly port: number } {
  const { host, port } = splitHost(text);
  if (host !== '' && Number.isInteger(port) && port >= 1 && port <= 65535) return { host, port };
  throw new AppError({
    code: 'BOARD_ADDRESS',
    message: `"${text}" is no address of a board.`,
    hint: 'Write HOST or HOST:PORT, for example 10.108.125.1 or 127.0.0.1:2222.',
    kind: 'usage',
  });
}
