import * as vscode from 'vscode';
import { findRecipes } from '../recipes';
import { runArguments } from '../run-arguments';
import type { Services } from '../services';
import { readDefinition, type RunTaskDefinition } from './definition';

/** Tasks of type `maixcam`: one for each recipe, and those of `tasks.json`. */
export function registerTasks(context: vscode.ExtensionContext, services: Services): void {
  context.subscriptions.push(vscode.tasks.registerTaskProvider('maixcam', new RunTasks(services)));
}

class RunTasks implements vscode.TaskProvider {
  constructor(private readonly services: Services) {}

  async provideTasks(): Promise<vscode.Task[]> {
    const { recipes } = await findRecipes();
    return recipes.flatMap((recipe) => {
      const folder = vscode.workspace.getWorkspaceFolder(recipe);
      if (folder === undefined) return [];
      const relative = vscode.workspace.asRelativePath(recipe, false);
      return [this.task({ type: 'maixcam', recipe: relative }, folder)];
    });
  }

  /** Undefined where the entry cannot be run; the editor then says so beside the entry's name. */
  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const definition = readDefinition(task.definition);
    const scope = task.scope;
    const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
    // The editor finds the resolved task again only by the definition object that it gave.
    return definition === null ? undefined : this.task(definition, folder, task.definition);
  }

  private task(
    definition: RunTaskDefinition,
    folder: vscode.WorkspaceFolder | undefined,
    given: vscode.TaskDefinition = definition,
  ): vscode.Task {
    const { program } = this.services;
    // Paths stay relative, so that what the terminal shows is what a person would type.
    const execution = new vscode.ProcessExecution(
      program.node,
      [program.cli, ...runArguments(definition.recipe, definition)],
      {
        ...(folder === undefined ? {} : { cwd: folder.uri.fsPath }),
        env: { ...settingsOf(this.services.environment(folder?.uri)), ...program.nodeEnv },
      },
    );
    const task = new vscode.Task(
      given,
      folder ?? vscode.TaskScope.Workspace,
      nameOf(definition),
      'maixcam',
      execution,
      ['$maixcam', '$maixcam-python', '$maixcam-python-marked'],
    );
    task.group = vscode.TaskGroup.Build;
    task.detail = vscode.l10n.t('Runs the steps that are out of date');
    task.presentationOptions = {
      reveal: vscode.TaskRevealKind.Always,
      panel: vscode.TaskPanelKind.Dedicated,
      clear: true,
    };
    return task;
  }
}

/** A terminal has its own variables; only what the extension's settings say is added. */
function settingsOf(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => name.startsWith('MAIXCAM_')));
}

function nameOf({ recipe, until }: RunTaskDefinition): string {
  return until === undefined ? vscode.l10n.t('run {0}', recipe) : vscode.l10n.t('run {0} until {1}', recipe, until);
}
