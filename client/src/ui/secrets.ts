import type * as vscode from 'vscode';

const PASSWORD = 'board-password:';

/** A login on a board; what its password is kept under. */
export interface BoardAccount {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** Passwords of boards, in the editor's secret storage and nowhere else (spec decisions.md 6). */
export class Secrets {
  constructor(private readonly storage: vscode.SecretStorage) {}

  /** The password that has worked before; undefined where none is known. */
  async password(account: BoardAccount): Promise<string | undefined> {
    return await this.storage.get(keyOf(account));
  }

  /** Keeps a password that has just worked. */
  async keep(account: BoardAccount, password: string): Promise<void> {
    await this.storage.store(keyOf(account), password);
  }

  /** Forgets one that the board refused. */
  async forget(account: BoardAccount): Promise<void> {
    await this.storage.delete(keyOf(account));
  }

  /** The logins that a password is kept for, as `root@10.1.2.1:22`. */
  async logins(): Promise<readonly string[]> {
    const keys = await this.storage.keys();
    return keys
      .filter((key) => key.startsWith(PASSWORD))
      .map((key) => key.slice(PASSWORD.length))
      .sort();
  }

  /** @param login one of `logins` */
  async forgetLogin(login: string): Promise<void> {
    await this.storage.delete(PASSWORD + login);
  }
}

function keyOf({ user, host, port }: BoardAccount): string {
  return `${PASSWORD}${user}@${host.toLowerCase()}:${port}`;
}
