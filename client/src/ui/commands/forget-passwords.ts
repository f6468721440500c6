import * as vscode from 'vscode';
import { tellResult } from '../notify';
import type { CommandBody } from './command';

/** *Forget Board Passwords…*: removes kept passwords; the next push asks again. */
export const forgetPasswords: CommandBody = async (services) => {
  const logins = await services.secrets.logins();
  if (logins.length === 0) {
    await tellResult(services, vscode.l10n.t('No password of a board is kept.'));
    return;
  }
  const items = logins.map((login) => ({ label: login, picked: true }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Forget the passwords of which boards?'),
    canPickMany: true,
  });
  if (picked === undefined || picked.length === 0) throw new vscode.CancellationError();
  for (const { label } of picked) await services.secrets.forgetLogin(label);
  void tellResult(services, vscode.l10n.t('Forgotten: {0}', picked.map(({ label }) => label).join(', ')));
};
