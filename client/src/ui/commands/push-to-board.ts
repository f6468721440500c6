import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../failures';
import { host } from '../host';
import { BoardLogin } from '../jobs/board-login';
import { addressOf } from '../jobs/known-boards';
import { about, tellResult } from '../notify';
import { activeFile, fileName, fileOf, recipeFor, requireDisk } from '../pick/target';
import { editRecipeFile } from '../recipe-edit';
import { runCli } from '../run-cli';
import type { Services } from '../services';
import type { CommandBody } from './command';

/** *Push to Board…*: the model of a recipe, or a MUD file by itself, to a board. */
export const pushToBoard: CommandBody = async (services, target, options) => {
  const mud = fileOf(target) ?? activeFile();
  const askAddress = typeof options === 'object' && options !== null && 'askAddress' in options;
  if (mud?.path.toLowerCase().endsWith('.mud') === true) await pushMud(services, mud);
  else
    await pushRecipe(services, await recipeFor(target, vscode.l10n.t('Push the model of which recipe?')), askAddress);
};

/** Runs the recipe to its last step; where steps before the push are out of date, the person says what is meant. */
async function pushRecipe(services: Services, recipe: vscode.Uri, askAddress: boolean): Promise<void> {
  const { openRecipe, recipeOverview } = await host();
  const { deploy } = (await about(recipe, openRecipe(recipe.fsPath))).recipe;
  if (deploy.host === null || askAddress) {
    const current = deploy.host === null ? '' : addressOf({ host: deploy.host, port: deploy.port });
    const address = await askBoard(services, fileName(recipe), current);
    await editRecipeFile(recipe, ['deploy', 'host'], address);
    // The recipe is what decides: a run reads it from the disk.
    await recipeFor(recipe, '');
  }
  const overview = await recipeOverview(recipe.fsPath, { env: services.environment(recipe) });
  if (overview.error !== null) throw new Failure(overview.error, recipe);
  const rows = overview.rows.filter(({ name }) => name !== 'push');
  const made = rows.some(({ name, state }) => name === 'mud' && (state === 'done' || state === 'outdated'));
  const current = rows.every(({ state }) => state === 'done' || state === 'idle');
  if (made && !current && !(await wantsRun())) {
    await pushFile(services, recipe);
    return;
  }
  await services.jobs.run(recipe, { until: 'push' });
}

/** True: what is out of date runs first. */
async function wantsRun(): Promise<boolean> {
  const items = [
    {
      run: true,
      label: vscode.l10n.t('Run what is out of date, then push'),
    },
    {
      run: false,
      label: vscode.l10n.t('Push the model as it was made'),
      detail: vscode.l10n.t('It is older than the recipe or its inputs'),
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Some steps of this recipe are out of date'),
  });
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.run;
}

async function pushMud(services: Services, mud: vscode.Uri): Promise<void> {
  requireDisk(mud);
  const address = await askBoard(services, fileName(mud), '');
  await pushFile(services, mud, address);
}

/** Sends files by `maixcam push`; a recipe knows its address itself. */
async function pushFile(services: Services, file: vscode.Uri, address?: string): Promise<void> {
  const env = services.environment(file);
  const { boardAddress, openRecipe } = await host();
  const account =
    address === undefined
      ? await about(file, openRecipe(file.fsPath)).then(({ recipe: { deploy } }) => ({
          host: deploy.host ?? '',
          port: deploy.port,
          user: deploy.user,
        }))
      : { ...boardAddress(address), user: 'root' };
  const password = await new BoardLogin(services.secrets, services.boards).prepare(account, env, file);
  const work = runCli(services, {
    args: ['push', file.fsPath, ...(address === undefined ? [] : ['--host', address])],
    cwd: path.dirname(file.fsPath),
    title: vscode.l10n.t('Pushing {0}', fileName(file)),
    ...(password === undefined ? {} : { variables: { MAIXCAM_PASSWORD: password } }),
  });
  await about(file, work);
  void tellResult(
    services,
    vscode.l10n.t('{0} is on the board at {1}; every file was compared there.', fileName(file), addressOf(account)),
  );
}

/** Asks for the address of a board: one that took a login before, or another one. */
async function askBoard(services: Services, what: string, current: string): Promise<string> {
  const known = services.boards.all();
  const title = vscode.l10n.t('Push {0} to which board?', what);
  const other = { label: vscode.l10n.t('$(add) Another board…'), address: '' };
  const picked =
    known.length === 0
      ? other
      : await vscode.window.showQuickPick(
          [...known.map((address) => ({ label: `$(circuit-board) ${address}`, address })), other],
          { title },
        );
  if (picked === undefined) throw new vscode.CancellationError();
  return picked === other ? await askAddressOf(title, current) : picked.address;
}

async function askAddressOf(title: string, current: string): Promise<string> {
  const { isBoardAddress } = await host();
  const typed = await vscode.window.showInputBox({
    title,
    value: current,
    prompt: vscode.l10n.t('Address of the board; its settings show it. Over USB it is 10.x.y.1.'),
    placeHolder: 'maixcam-1234.local',
    ignoreFocusOut: true,
    validateInput: (value) =>
      isBoardAddress(value.trim())
        ? null
        : vscode.l10n.t('Write HOST or HOST:PORT, for example 10.108.125.1 or maixcam-1234.local.'),
  });
  if (typed === undefined) throw new vscode.CancellationError();
  return typed.trim();
}
