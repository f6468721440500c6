import { AppError } from '../../../../server/src/core/problems/app-error';
import { splitHost } from '../../../../server/src/core/recipe/host';

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
