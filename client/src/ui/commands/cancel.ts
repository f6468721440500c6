import * as vscode from 'vscode';
import { host } from '../host';
import { tellResult } from '../notify';
import { activeFile, fileName, fileOf } from '../pick/target';
import { findRecipes, isRecipe } from '../recipes';
import type { Services } from '../services';
import type { CommandBody } from './command';

/** *Cancel*: ends a run, of this window or another one; asks only where several go on. */
export const cancel: CommandBody = async (services, target) => {
  const recipe = fileOf(target) ?? (await runningRecipe());
  if (recipe === null || !(await cancelWithProgress(services, recipe))) {
    await tellResult(services, vscode.l10n.t('Nothing is running.'));
  }
};

async function cancelWithProgress({ jobs }: Services, recipe: vscode.Uri): Promise<boolean> {
  const options = {
    location: vscode.ProgressLocation.Window,
    title: vscode.l10n.t('Cancelling {0}', fileName(recipe)),
  };
  return await vscode.window.withProgress(options, async () => await jobs.cancel(recipe));
}

/** The one that is cancelled: the only running one, the one in the editor, or the chosen one. */
async function runningRecipe(): Promise<vscode.Uri | null> {
  const { currentJob } = await host();
  const active = activeFile();
  const { recipes } = await findRecipes();
  const around = active?.scheme === 'file' && isRecipe(active) ? [active] : [];
  const all = new Map([...around, ...recipes].map((uri) => [uri.fsPath, uri]));
  const running: vscode.Uri[] = [];
  for (const uri of all.values()) {
    const job = await currentJob(uri.fsPath);
    if (job?.state === 'running' && !job.lost) running.push(uri);
  }
  const mine = running.find((uri) => uri.fsPath === active?.fsPath);
  if (running.length < 2 || mine !== undefined) return mine ?? running[0] ?? null;
  const items = running.map((uri) => ({
    label: fileName(uri),
    description: vscode.workspace.asRelativePath(uri, true),
    uri,
  }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Cancel which run?') });
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.uri;
}
