import type * as vscode from 'vscode';
import type { BoardAccount } from '../secrets';

const KEY = 'boards';
const MOST_KNOWN = 8;

/** Addresses of boards that took a login, the last one first; offered where a push asks for one. */
export class KnownBoards {
  constructor(private readonly state: vscode.Memento) {}

  all(): readonly string[] {
    return this.state.get<readonly string[]>(KEY, []);
  }

  async remember(account: BoardAccount): Promise<void> {
    const address = addressOf(account);
    const others = this.all().filter((each) => each !== address);
    await this.state.update(KEY, [address, ...others].slice(0, MOST_KNOWN));
  }
}

/** `HOST`, `HOST:PORT` or `[IPv6]:PORT`, as a recipe may hold it; the usual port is left out. */
export function addressOf({ host, port }: Pick<BoardAccount, 'host' | 'port'>): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === 22 ? name : `${name}:${port}`;
}
