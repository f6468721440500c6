import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { Failure, Refusal } from '../failures';
import { host } from '../host';
import { about } from '../notify';
import { stockPasswords } from '../remedies';
import type { BoardAccount, Secrets } from '../secrets';
import { addressOf, type KnownBoards } from './known-boards';

/**
 * What a push needs of a person before it starts: trust in the board's host key, and a password where keys are not
 * enough. Whatever then runs finds the key pinned and gets the password in its environment. A board that took the login
 * is remembered, and offered by the next push.
 */
export class BoardLogin {
  constructor(
    private readonly secrets: Secrets,
    private readonly boards: KnownBoards,
  ) {}

  /**
   * @param recipe what is pushed, for the buttons of a failure
   * @returns the password that the board takes; undefined where none is needed
   * @throws Failure `BOARD_UNREACHABLE` and others; CancellationError; Refusal where the key was not trusted
   */
  async prepare(
    account: BoardAccount,
    env: Readonly<Record<string, string>>,
    recipe: vscode.Uri,
  ): Promise<string | undefined> {
    const password = await this.passwordFor(account, env, recipe);
    await this.boards.remember(account);
    return password;
  }

  private async passwordFor(
    account: BoardAccount,
    env: Readonly<Record<string, string>>,
    recipe: vscode.Uri,
  ): Promise<string | undefined> {
    await this.trustKey(account, env, recipe);
    const known = await this.secrets.password(account);
    if (await this.accepts(account, known, env, recipe)) return known;
    if (known !== undefined) await this.secrets.forget(account);
    for (let wrong = known !== undefined; ; wrong = true) {
      const typed = await askPassword(account, wrong);
      if (await this.accepts(account, typed, env, recipe)) {
        await this.secrets.keep(account, typed);
        return typed;
      }
    }
  }

  /** Shows the fingerprint on first contact and after a change; nothing secret was sent yet (spec decisions.md 6). */
  private async trustKey(
    account: BoardAccount,
    env: Readonly<Record<string, string>>,
    recipe: vscode.Uri,
  ): Promise<void> {
    const { lookAtHostKey, trustHostKey } = await host();
    const found = await connecting(account, recipe, (signal) => lookAtHostKey(account, env, signal));
    if (found.state === 'known') return;
    const place = addressOf(account);
    const shown = `${found.key.type} ${found.key.fingerprint}`;
    const trust = found.state === 'new' ? vscode.l10n.t('Trust This Board') : vscode.l10n.t('Trust the New Key');
    const chosen =
      found.state === 'new'
        ? await vscode.window.showInformationMessage(
            vscode.l10n.t('First contact with the board at {0}', place),
            {
              modal: true,
              detail: vscode.l10n.t(
                'Its host key is {0}. It is remembered, and a board that shows another key later is refused.',
                shown,
              ),
            },
            trust,
          )
        : await vscode.window.showWarningMessage(
            vscode.l10n.t('The board at {0} shows another host key than before', place),
            {
              modal: true,
              detail: vscode.l10n.t(
                'It is {0}; remembered is {1}. A re-flash makes a new key, and another machine at this address has another key too. Trust it only if you flashed the board anew or connected another board.',
                shown,
                `${found.pinned.type} ${found.pinned.fingerprint}`,
              ),
            },
            trust,
          );
    if (chosen === trust) {
      await trustHostKey(account, found.key, env);
      return;
    }
    if (found.state === 'new') throw new vscode.CancellationError();
    throw new Refusal(vscode.l10n.t('Nothing was sent to {0}: its host key is not the remembered one.', place));
  }

  private async accepts(
    account: BoardAccount,
    password: string | undefined,
    env: Readonly<Record<string, string>>,
    recipe: vscode.Uri,
  ): Promise<boolean> {
    const { boardAccepts } = await host();
    return await connecting(account, recipe, (signal) => boardAccepts(account, password, env, signal));
  }
}

/** Whether a push may go on without: a board that is switched off now may be on when a long run reaches it. */
export function isOffline(thrown: unknown): boolean {
  return thrown instanceof Failure && thrown.code === 'BOARD_UNREACHABLE';
}

/**
 * A board that answers sooner gets no notification: it would only flicker, and of more than three that come within
 * 800 ms the editor shows none, so that the end of a short run would not be seen.
 */
const CONNECTING_AFTER_MS = 700;

/** Asks the board something, with a notification that can be cancelled. No dialog is open meanwhile. */
async function connecting<T>(
  account: BoardAccount,
  recipe: vscode.Uri,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const answer = about(recipe, work(abort.signal));
  const soon = await Promise.race([
    answer.then(
      () => true,
      () => true,
    ),
    delay(CONNECTING_AFTER_MS, false),
  ]);
  if (soon) return await answer;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Connecting to {0}', addressOf(account)),
    cancellable: true,
  };
  return await vscode.window.withProgress(options, async (_progress, token) => {
    token.onCancellationRequested(() => abort.abort());
    return await answer;
  });
}

async function askPassword(account: BoardAccount, wrong: boolean): Promise<string> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Password of {0} on {1}', account.user, addressOf(account)),
    prompt: wrong
      ? `${vscode.l10n.t('The board did not accept that password.')} ${stockPasswords()}`
      : stockPasswords(),
    password: true,
    ignoreFocusOut: true,
  });
  if (typed === undefined) throw new vscode.CancellationError();
  return typed;
}
