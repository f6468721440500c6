import os from 'node:os';
import * as vscode from 'vscode';
import { host } from '../host';
import { tellResult } from '../notify';
import { runCli } from '../run-cli';
import type { CommandBody } from './command';

type Kind = 'train' | 'convert';

/** *Create/Repair Environment…*: a Python environment for training or converting, with its state, size and time first. */
export const createEnvironment: CommandBody = async (services, wanted) => {
  const { environmentKinds, formatBytes, listEnvironments } = await host();
  const env = services.environment();
  const looking = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Looking at Python environments') };
  const reports = await vscode.window.withProgress(looking, async () => await listEnvironments({ env }));
  const items = Object.values(environmentKinds).map((kind) => {
    const report = reports.find((each) => each.name === kind.name);
    const brought = reports.find((each) => each.name === `${kind.name}-own`);
    const { cpuIndex, packageIndex, minutes } = kind.cost;
    const state = report?.outdated === true ? vscode.l10n.t('older definition') : stateOf(report?.state ?? 'missing');
    const cost = vscode.l10n.t(
      '{0} to {1} on disk, {2}; downloads from the Python package index',
      formatBytes(cpuIndex),
      formatBytes(packageIndex),
      minutes,
    );
    const own = brought === undefined ? '' : ` ${vscode.l10n.t('The settings name one of your own, which is used.')}`;
    return {
      environment: kind.name,
      repairs: report !== undefined && report.state !== 'missing',
      label: kind.name === 'train' ? vscode.l10n.t('Training') : vscode.l10n.t('Conversion'),
      description: state,
      detail: (report?.problem?.message ?? cost) + own,
      cost,
      title: kind.title,
    };
  });
  const picked = isKind(wanted)
    ? items.find(({ environment }) => environment === wanted)
    : await vscode.window.showQuickPick(items, {
        title: vscode.l10n.t('Create or repair which Python environment?'),
        placeHolder: vscode.l10n.t('One that is there is made anew'),
      });
  if (picked === undefined) throw new vscode.CancellationError();
  const go = picked.repairs ? vscode.l10n.t('Make Anew') : vscode.l10n.t('Create');
  const confirmed = await vscode.window.showInformationMessage(
    picked.repairs
      ? vscode.l10n.t('Make the environment for {0} anew?', picked.title)
      : vscode.l10n.t('Create the environment for {0}?', picked.title),
    { modal: true, detail: picked.cost },
    go,
  );
  if (confirmed !== go) throw new vscode.CancellationError();
  await runCli(services, {
    args: ['env', 'create', picked.environment, ...(picked.repairs ? ['--force'] : [])],
    cwd: os.tmpdir(),
    title: vscode.l10n.t('Environment for {0}', picked.title),
  });
  void tellResult(services, vscode.l10n.t('The environment for {0} is ready.', picked.title));
};

function isKind(value: unknown): value is Kind {
  return value === 'train' || value === 'convert';
}

function stateOf(state: 'ready' | 'missing' | 'broken'): string {
  switch (state) {
    case 'ready':
      return vscode.l10n.t('ready');
    case 'missing':
      return vscode.l10n.t('not there yet');
    case 'broken':
      return vscode.l10n.t('broken');
  }
}
