import * as vscode from 'vscode';
import { commands } from './ui/commands';
import { registerCommands } from './ui/commands/register';
import { KnownBoards } from './ui/jobs/known-boards';
import { RecipeJobs } from './ui/jobs/recipe-jobs';
import { LanguageServer } from './ui/language/language-server';
import { registerPipelineView } from './ui/pipeline';
import { ownProgram } from './ui/program';
import { Secrets } from './ui/secrets';
import type { Services } from './ui/services';
import { environmentOf, readSettings } from './ui/settings';
import { registerTasks } from './ui/tasks';
import { Trust } from './ui/trust';

/**
 * Composition root: constructs and connects, owns what must be disposed, has no logic of its own. Activation has two
 * stages: this wiring, and what its parts load and start at their first use (spec architecture.md 4, row 1).
 */
export class App {
  constructor(private readonly context: vscode.ExtensionContext) {}

  /** Registers what the manifest promises. Awaits nothing. */
  start(): void {
    const { context } = this;
    const log = vscode.window.createOutputChannel('MaixCAM', { log: true });
    const languageServer = new LanguageServer(context, log);
    const basis = {
      context,
      log,
      program: ownProgram(context.extensionUri),
      environment: (resource?: vscode.Uri) => environmentOf(readSettings(resource)),
      secrets: new Secrets(context.secrets),
      boards: new KnownBoards(context.globalState),
      trust: new Trust(),
      languageServer,
    };
    const jobs = new RecipeJobs(basis);
    const services: Services = { ...basis, jobs };
    context.subscriptions.push(log, jobs, registerCommands(services, commands));
    registerPipelineView(context, services);
    registerTasks(context, services);
    languageServer.start();
    jobs.resume();
  }
}
