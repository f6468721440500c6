import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { JobError, JobRecord } from '../../domain/jobs/job-record';
import { Failure } from '../failures';
import { host } from '../host';
import { about, tellFailure, tellResult } from '../notify';
import { fileName } from '../pick/target';
import type { Jobs, RunRequest, Services } from '../services';
import { BoardLogin, isOffline } from './board-login';
import { messageOfRun } from './run-end';

/** How often a run is looked at while it goes on; nothing is polled without one. */
const POLL_MS = 400;

type FoundJob = JobRecord & { readonly lost: boolean };

/** Runs of recipes as notifications: see `Jobs`. */
export class RecipeJobs implements Jobs, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;
  private readonly login: BoardLogin;
  /** Recipes whose run is shown in this window. */
  private readonly shown = new Set<string>();
  private disposed = false;

  constructor(private readonly services: Pick<Services, 'log' | 'program' | 'environment' | 'secrets'>) {
    this.login = new BoardLogin(services.secrets);
  }

  async run(recipe: vscode.Uri, request: RunRequest): Promise<void> {
    const id = recipe.toString();
    const password = await this.passwordFor(recipe, request);
    const env = this.services.environment(recipe);
    const { startJob } = await host();
    const shownAlready = this.shown.has(id);
    this.shown.add(id);
    try {
      const started = await startJob({
        program: this.services.program,
        recipe: recipe.fsPath,
        args: runArguments(recipe, request),
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
      await this.tellEnd(recipe, job, await this.show(recipe, job, end));
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
    this.shown.add(id);
    try {
      const { currentJob } = await host();
      const job = await currentJob(recipe.fsPath);
      if (job?.state !== 'running' || job.lost) return;
      this.services.log.info(`${id}: following run ${job.id}, process ${job.pid}`);
      await this.tellEnd(recipe, job, await this.show(recipe, job, null));
    } catch (thrown) {
      await tellFailure(this.services, fileName(recipe), thrown);
    } finally {
      this.shown.delete(id);
      this.changes.fire(recipe);
    }
  }

  dispose(): void {
    this.disposed = true;
    this.changes.dispose();
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

  /** A notification with cancel until the run has ended; the record as it was then, null where it is gone. */
  private async show(
    recipe: vscode.Uri,
    job: JobRecord,
    ended: Promise<{ readonly error: JobError | null }> | null,
  ): Promise<{ readonly record: FoundJob | null; readonly error: JobError | null }> {
    const { currentJob } = await host();
    let over: { readonly error: JobError | null } | null = null;
    void ended?.then((end) => {
      over = end;
    });
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: fileName(recipe).replace(/\.maixcam\.yaml$/i, ''),
      cancellable: true,
    };
    return await vscode.window.withProgress(options, async (progress, token) => {
      token.onCancellationRequested(() => void this.cancelShown(recipe));
      let told = '';
      for (;;) {
        // Asked before the look: a record that was written before the end is seen.
        const end = over;
        const found = await currentJob(recipe.fsPath);
        const mine = found?.id === job.id ? found : null;
        if (end !== null) return { record: mine, error: end.error };
        if (ended === null && (mine?.state !== 'running' || mine.lost)) {
          return { record: mine, error: mine?.error ?? null };
        }
        const message = mine === null ? '' : progressMessage(mine);
        if (message !== '' && message !== told) progress.report({ message });
        if (message !== told) this.changes.fire(recipe);
        told = message;
        await Promise.race([delay(POLL_MS), ...(ended === null ? [] : [ended])]);
        if (this.disposed) return { record: null, error: null };
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

  private async tellEnd(
    recipe: vscode.Uri,
    job: JobRecord,
    { record, error }: { readonly record: FoundJob | null; readonly error: JobError | null },
  ): Promise<void> {
    if (this.disposed) return;
    const state = record?.lost === true ? 'lost' : record?.state;
    this.services.log.info(`${recipe.toString()}: run ${job.id}: ${state ?? 'its record is gone'}`);
    if (state === 'cancelled' || error?.code === 'CANCELLED') return;
    if (error?.code === 'BOARD_AUTH_FAILED') await this.forgetPassword(recipe);
    if (error !== null) throw new Failure(error, recipe);
    if (state === 'lost') throw new Failure(endedWithoutWord(), recipe);
    if (record === null) throw new Failure(folderGone(), recipe);
    const { text, actions } = messageOfRun(recipe, record);
    // Not awaited: the command has ended, the message stays until it is closed.
    void tellResult(this.services, text, actions);
  }

  private async forgetPassword(recipe: vscode.Uri): Promise<void> {
    const { openRecipe } = await host();
    const { deploy } = (await openRecipe(recipe.fsPath)).recipe;
    if (deploy.host !== null) await this.services.secrets.forget({ ...deploy, host: deploy.host });
  }
}

function runArguments(recipe: vscode.Uri, { until, force }: RunRequest): readonly string[] {
  return [
    'run',
    recipe.fsPath,
    ...(until === undefined ? [] : ['--until', until]),
    ...(force === true ? ['--force'] : []),
  ];
}

/** `train: epoch 3 of 12, mAP50 0.71, about 40 s left` */
function progressMessage({ current, progress }: JobRecord): string {
  const step = progress?.step ?? current;
  if (step === null) return '';
  return progress === null || progress.message === '' ? step : `${step}: ${progress.message}`;
}

function endedWithoutWord(): JobError {
  return {
    code: 'JOB_LOST',
    message: vscode.l10n.t('The run ended without a word: its process was killed, or the computer went down.'),
    hint: vscode.l10n.t('Steps that were done stay done; run again to go on from there.'),
  };
}

function folderGone(): JobError {
  return {
    code: 'RESULTS_GONE',
    message: vscode.l10n.t('The folder of the results was removed or moved while the run worked in it.'),
    hint: vscode.l10n.t('Run the recipe again where it lies now.'),
  };
}
