import * as vscode from 'vscode';
import { Refusal } from '../failures';
import { tellFailure } from '../notify';
import { activeFile, fileOf, requireFolder } from '../pick/target';
import type { Services } from '../services';
import type { CommandEntry } from './command';

/** Registers commands behind one wrapper: trust, a folder, and a failure told once. */
export function registerCommands(services: Services, entries: readonly CommandEntry[]): vscode.Disposable {
  return vscode.Disposable.from(
    ...entries.map((entry) =>
      vscode.commands.registerCommand(entry.id, async (...args: readonly unknown[]) => {
        services.log.debug(entry.id);
        try {
          if (entry.trusted) requireTrust(services);
          if (entry.folder && fileOf(args[0]) === null && activeFile() === null) requireFolder();
          const body = await entry.load();
          await body(services, ...args);
        } catch (thrown) {
          await tellFailure(services, entry.id, thrown);
        }
      }),
    ),
  );
}

/** @throws Refusal in a restricted workspace. */
function requireTrust(services: Services): void {
  if (services.trust.granted) return;
  throw new Refusal(
    vscode.l10n.t(
      'This workspace is not trusted, so no tool is run, no model is executed and no board is contacted. Editing help works.',
    ),
    [
      {
        title: vscode.l10n.t('Manage Workspace Trust'),
        run: () => vscode.commands.executeCommand('workbench.trust.manage'),
      },
    ],
  );
}
