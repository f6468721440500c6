import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { FoundJob, JobError, JobRecord } from '../../domain/jobs/job-record';
import { runFraction } from '../../domain/jobs/run-fraction';
import type { StepName } from '../../domain/pipeline/steps';
import { Failure } from '../failures';
import { host } from '../host';
import { about, tellFailure, tellResult } from '../notify';
import { fileName } from '../pick/target';
import { endedWithoutWord, stepTitle } from '../pipeline/words';
import { withoutEnding } from '../recipes';
import { runArguments } from '../run-arguments';
import type { Jobs, RunRequest, Services } from '../services';
import { BoardLogin, isOffline } from './board-login';
import { messageOfRun } from './run-end';
import { RunningRecipes } from './running-recipes';

/** How often a run is looked at while it goes on; nothing is polled without one. */
const POLL_MS = 400;

/** A run as its notification knows it. */
interface ShownRun {
  readonly recipe: vscode.Uri;
  /** Of the recipe, distinguishable from those of other runs. */
  readonly name: string;
  readonly job: JobRecord;
  /** Last step; undefined where it is not known. */
  readonly until: StepName | undefined;
}

/** The record of a run at its end, null where it is gone, and why it failed. */
interface RunEnd {
  readonly record: FoundJob | null;
  readonly error: JobError | null;
}

/** Runs of recipes as notifications: see `Jobs`. */
export class RecipeJobs implements Jobs, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  private readonly login: BoardLogin;
  /** Recipes whose run is shown in this window, by URI. */
  private readonly shown = new Map<string, vscode.Uri>();
  private readonly running: RunningRecipes;
  /** Aborted with the window; the runs go on. */
  private readonly closing = new AbortController();

  constructor(
    private readonly services: Pick<Services, 'context' | 'log' | 'program' | 'environment' | 'secrets' | 'boards'>,
  ) {
    this.login = new BoardLogin(services.secrets, services.boards);
    this.running = new RunningRecipes(services.context.workspaceState);
  }

  async run(recipe: vscode.Uri, request: RunRequest): Promise<void> {
    const id = recipe.toString();
    const password = await this.passwordFor(recipe, request);
    const env = this.services.environment(recipe);
    const { startJob } = await host();
    const shownAlready = this.shown.has(id);
    const name = this.nameOf(recipe);
    this.shown.set(id, recipe);
    try {
      const started = await startJob({
        program: this.services.program,
        recipe: recipe.fsPath,
        args: runArguments(recipe.fsPath, request),
        env: password === undefined ? env : { ...env, MAIXCAM_PASSWORD: password },
      });
      this.changes.fire(recipe);
      const { job } = started;
      if (job === null) {
        const { error } = await started.ended;
        throw new Failure(error ?? endedWithoutWord(), recipe);
      }
      this.services.log.info(`${id}: run ${job.id}, process ${job.pid}, log ${job.log}`);
      const end = started.ended.then(({ error }) => ({ error }));
      const run = { recipe, name, job, until: request.until };
      await this.tellEnd(run, await this.show(run, end));
    } finally {
      if (!shownAlready) this.shown.delete(id);
      this.changes.fire(recipe);
    }
  }

  async cancel(recipe: vscode.Uri): Promise<boolean> {
    const { cancelJob } = await host();
    const cancelled = await about(recipe, cancelJob(recipe.fsPath));
    this.changes.fire(recipe);
    return cancelled;
  }

  async follow(recipe: vscode.Uri): Promise<void> {
    const id = recipe.toString();
    if (this.shown.has(id)) return;
    const name = this.nameOf(recipe);
    this.shown.set(id, recipe);
    try {
      const { currentJob } = await host();
      const job = await currentJob(recipe.fsPath);
      if (job?.state !== 'running' || job.lost) {
        this.running.remove(recipe);
        return;
      }
      this.services.log.info(`${id}: following run ${job.id}, process ${job.pid}`);
      const run = { recipe, name, job, until: undefined };
      await this.tellEnd(run, await this.show(run, null));
    } catch (thrown) {
      await tellFailure(this.services, fileName(recipe), thrown);
    } finally {
      this.shown.delete(id);
      this.changes.fire(recipe);
    }
  }

  resume(): void {
    for (const recipe of this.running.all()) void this.follow(recipe);
  }

  dispose(): void {
    this.closing.abort();
    this.changes.dispose();
  }

  /** The name of a recipe; with its folder where a run of another one with the same name is shown. */
  private nameOf(recipe: vscode.Uri): string {
    const file = fileName(recipe);
    const others = [...this.shown.values()].filter((other) => other.toString() !== recipe.toString());
    const hasTwin = others.some((other) => fileName(other) === file);
    return withoutEnding(hasTwin ? vscode.workspace.asRelativePath(recipe) : file);
  }

  /** Asks for a login where the run ends on a board. A board that is off now may be on when the run reaches it. */
  private async passwordFor(recipe: vscode.Uri, { until }: RunRequest): Promise<string | undefined> {
    if (until !== undefined && until !== 'push') return undefined;
    const { openRecipe } = await host();
    const { deploy } = (await about(recipe, openRecipe(recipe.fsPath))).recipe;
    if (deploy.host === null) return undefined;
    const account = { host: deploy.host, port: deploy.port, user: deploy.user };
    try {
      return await this.login.prepare(account, this.services.environment(recipe), recipe);
    } catch (thrown) {
      if (until === 'push' || !isOffline(thrown)) throw thrown;
      this.services.log.warn(`${recipe.toString()}: the board does not answer now; the run begins without it`);
      return await this.services.secrets.password(account);
    }
  }

  /** A notification with cancel until the run has ended, or the window closes. */
  private async show(run: ShownRun, ended: Promise<{ readonly error: JobError | null }> | null): Promise<RunEnd> {
    const { recipe, name, job, until } = run;
    const { currentJob } = await host();
    const { signal } = this.closing;
    this.running.add(recipe);
    let over: { readonly error: JobError | null } | null = null;
    void ended?.then((end) => {
      over = end;
    });
    const options = { location: vscode.ProgressLocation.Notification, title: name, cancellable: true };
    return await vscode.window.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => void this.cancelShown(recipe));
      let told = '';
      let percent = 0;
      for (;;) {
        // Asked before the look: a record that was written before the end is seen.
        const end = over;
        const found = await currentJob(recipe.fsPath);
        const mine = found?.id === job.id ? found : null;
        if (end !== null) return { record: mine, error: end.error };
        if (ended === null && (mine?.state !== 'running' || mine.lost)) {
          return { record: mine, error: mine?.error ?? null };
        }
        if (mine !== null) {
          const message = progressMessage(mine);
          // A step may begin to count anew; the bar does not go back.
          const reached = Math.max(percent, 100 * runFraction(mine, until));
          if ((message !== '' && message !== told) || reached > percent) {
            progress.report({ ...(message === '' ? {} : { message }), increment: reached - percent });
          }
          if (message !== told) this.changes.fire(recipe);
          told = message;
          percent = reached;
        }
        const rest = delay(POLL_MS, undefined, { signal }).catch(() => undefined);
        await Promise.race([rest, ...(ended === null ? [] : [ended])]);
        if (signal.aborted) return { record: null, error: null };
      }
    });
  }

  private async cancelShown(recipe: vscode.Uri): Promise<void> {
    try {
      await this.cancel(recipe);
    } catch (thrown) {
      await tellFailure(this.services, fileName(recipe), thrown);
    }
  }

  private async tellEnd({ recipe, name, job }: ShownRun, { record, error }: RunEnd): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.running.remove(recipe);
    const state = record?.lost === true ? 'lost' : record?.state;
    this.services.log.info(`${recipe.toString()}: run ${job.id}: ${state ?? 'its record is gone'}`);
    if (state === 'cancelled' || error?.code === 'CANCELLED') return;
    if (error?.code === 'BOARD_AUTH_FAILED') await this.forgetPassword(recipe);
    if (record === null) throw new Failure(error ?? folderGone(), recipe);
    if (error !== null) throw new Failure(error, recipe, name);
    if (state === 'lost') throw new Failure(endedWithoutWord(), recipe, name);
    const { text, actions } = messageOfRun(name, recipe, record);
    // Not awaited: the command has ended, the message stays until it is closed.
    void tellResult(this.services, text, actions);
  }

  private async forgetPassword(recipe: vscode.Uri): Promise<void> {
    const { openRecipe } = await host();
    const { deploy } = (await openRecipe(recipe.fsPath)).recipe;
    if (deploy.host !== null) await this.services.secrets.forget({ ...deploy, host: deploy.host });
  }
}

/** `Train: epoch 3 of 12, mAP50 0.71, about 40 s left` */
function progressMessage({ current, progress }: JobRecord): string {
  if (current === null) return '';
  const title = stepTitle(current);
  return progress === null || progress.message === '' ? title : vscode.l10n.t('{0}: {1}', title, progress.message);
}

function folderGone(): JobError {
  return {
    code: 'RESULTS_GONE',
    message: vscode.l10n.t('The folder of the results was removed or moved while the run worked in it.'),
    hint: vscode.l10n.t('Run the recipe again where it lies now.'),
  };
}
