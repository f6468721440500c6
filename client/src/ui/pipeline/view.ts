import * as vscode from 'vscode';
import type { RecipeOverview } from '../../domain/pipeline/overview';
import { host } from '../host';
import { findRecipes } from '../recipes';
import type { Services } from '../services';
import { watchDisk, type DiskChanges } from './changes';
import type { TreeNode } from './nodes';
import { runningRow, withProgress } from './progress';
import { PipelineTree } from './tree';
import { percent, pipelineWords } from './words';

/** How often a run that goes on is looked at while the view is on the screen. */
const POLL_MS = 400;
/** What is not watched (pictures, the board) may have changed while the view was hidden for longer. */
const RESTED_MS = 10_000;

/** The pipeline view: its tree, kept up to date while it is on the screen, and the number of runs on its icon. */
export class PipelineView implements vscode.Disposable {
  readonly tree: PipelineTree;
  private readonly view: vscode.TreeView<TreeNode>;
  private readonly owned: { dispose(): unknown }[] = [];
  /** Recipes with a run that goes on, by URI. */
  private readonly running = new Map<string, vscode.Uri>();
  /** What has changed while the view was hidden. */
  private missed: DiskChanges = NOTHING;
  private hiddenAt = 0;
  private virtual = 0;
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(private readonly services: Services) {
    this.tree = new PipelineTree({
      recipes: () => this.findRecipes(),
      overview: (recipe) => this.readOverview(recipe),
    });
    this.view = vscode.window.createTreeView('maixcam.pipeline', {
      treeDataProvider: this.tree,
      showCollapseAll: true,
    });
    this.owned.push(
      this.view,
      this.tree,
      this.view.onDidChangeVisibility(({ visible }) => this.visibilityChanged(visible)),
      this.tree.onDidChangeOverview((overview) => this.overviewChanged(overview)),
      services.jobs.onDidChange((recipe) => this.changed({ ...NOTHING, results: [recipe] })),
      services.trust.onDidGrant(() => {
        this.showMessage();
        void this.tree.refreshAll();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.changed({ ...NOTHING, list: true })),
      watchDisk(
        (changes) => this.changed(changes),
        () => this.tree.shown,
      ),
    );
  }

  /** Reads everything anew, also what is not watched. */
  async refresh(): Promise<void> {
    this.tree.reload();
    await this.tree.refreshAll();
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    for (const one of this.owned) one.dispose();
  }

  private async findRecipes(): Promise<readonly vscode.Uri[]> {
    const { recipes, virtual } = await findRecipes();
    this.virtual = virtual.length;
    const kept = new Set(recipes.map((recipe) => recipe.toString()));
    for (const [id, recipe] of this.running) if (!kept.has(id)) this.setRunning(recipe, false);
    this.showMessage(recipes.length);
    return recipes;
  }

  /** Expected failures are in the overview; any other becomes one, because a row has to say something. */
  private async readOverview(recipe: string): Promise<RecipeOverview> {
    try {
      const { recipeOverview, START_NOTHING } = await host();
      const uri = vscode.Uri.file(recipe);
      const known = this.services.environment(uri);
      // A look at an environment that changed since would start its Python.
      const env = this.services.trust.granted ? known : { ...known, [START_NOTHING]: '1' };
      return await recipeOverview(recipe, { env, words: pipelineWords(uri) });
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      this.services.log.error(
        `pipeline view: ${recipe}: ${thrown instanceof Error ? (thrown.stack ?? message) : message}`,
      );
      const description = vscode.l10n.t('cannot be read');
      const hint = vscode.l10n.t('Refresh the view; the log of the extension has the details.');
      return { recipe, description, error: { code: 'INTERNAL', message, hint }, rows: [], job: null };
    }
  }

  private visibilityChanged(visible: boolean): void {
    if (!visible) {
      clearTimeout(this.timer);
      this.hiddenAt = Date.now();
      return;
    }
    if (!this.tree.started) return;
    const missed = Date.now() - this.hiddenAt > RESTED_MS ? { ...this.missed, all: true } : this.missed;
    this.missed = NOTHING;
    this.changed(missed);
    this.pollSoon();
  }

  private changed(changes: DiskChanges): void {
    if (!this.tree.started) return;
    if (!this.view.visible) {
      this.missed = merged(this.missed, changes);
      // The number of runs on the view's icon is seen also while the view is not.
      for (const recipe of changes.results) void this.lookAtJob(recipe);
      return;
    }
    if (changes.list) this.tree.reload();
    const wanted = changes.all ? this.tree.shown : [...changes.recipes, ...changes.results];
    for (const recipe of wanted) {
      // A run writes results all the time; the timer looks at it anyway.
      const isLookedAt = this.running.has(recipe.toString()) && !changes.all && !changes.recipes.includes(recipe);
      if (!isLookedAt) void this.tree.refresh(recipe);
    }
  }

  private async lookAtJob(recipe: vscode.Uri): Promise<void> {
    if (!this.tree.isShown(recipe)) return;
    const job = await (await host()).currentJob(recipe.fsPath);
    this.setRunning(recipe, job?.state === 'running' && !job.lost);
  }

  private overviewChanged(overview: RecipeOverview): void {
    this.setRunning(vscode.Uri.file(overview.recipe), overview.job?.state === 'running');
    this.showDescription();
  }

  private setRunning(recipe: vscode.Uri, running: boolean): void {
    const id = recipe.toString();
    if (this.disposed || this.running.has(id) === running) return;
    if (running) {
      this.running.set(id, recipe);
      // Runs of other windows, of tasks, and of this window before it was reloaded have no progress here yet.
      void this.services.jobs.follow(recipe);
    } else this.running.delete(id);
    const value = this.running.size;
    this.view.badge =
      value === 0
        ? undefined
        : { value, tooltip: value === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', value) };
    this.showDescription();
    this.pollSoon();
  }

  private pollSoon(): void {
    clearTimeout(this.timer);
    if (this.disposed || !this.view.visible || this.running.size === 0) return;
    this.timer = setTimeout(() => {
      void Promise.all([...this.running.values()].map((recipe) => this.poll(recipe))).finally(() => this.pollSoon());
    }, POLL_MS);
  }

  private async poll(recipe: vscode.Uri): Promise<void> {
    const job = await (await host()).currentJob(recipe.fsPath);
    const overview = this.tree.overview(recipe);
    const next = overview === undefined ? null : withProgress(overview, job);
    if (next !== null) this.tree.show(next);
    else await this.tree.refresh(recipe);
  }

  private showMessage(recipes = this.tree.shown.length): void {
    this.view.message =
      recipes === 0 && this.virtual > 0
        ? vscode.l10n.t(
            'The recipes of this workspace lie on no disk of this machine. Editing help works; running needs a folder on a disk.',
          )
        : recipes > 0 && !this.services.trust.granted
          ? vscode.l10n.t('Restricted mode: results are shown, nothing runs. Trust this workspace to run steps.')
          : '';
  }

  private showDescription(): void {
    const running = this.tree.shown
      .map((recipe) => this.tree.overview(recipe))
      .filter((overview) => overview?.job?.state === 'running');
    const [only] = running;
    this.view.description =
      running.length > 1 ? vscode.l10n.t('{0} running', running.length) : only === undefined ? '' : progressText(only);
  }
}

const NOTHING: DiskChanges = { list: false, all: false, recipes: [], results: [] };

function merged(a: DiskChanges, b: DiskChanges): DiskChanges {
  const union = (one: readonly vscode.Uri[], other: readonly vscode.Uri[]): readonly vscode.Uri[] => [
    ...new Map([...one, ...other].map((uri) => [uri.toString(), uri])).values(),
  ];
  return {
    list: a.list || b.list,
    all: a.all || b.all,
    recipes: union(a.recipes, b.recipes),
    results: union(a.results, b.results),
  };
}

/** `Train 45 %` */
function progressText(overview: RecipeOverview): string {
  const row = runningRow(overview);
  if (row === undefined) return vscode.l10n.t('running');
  const fraction = row.progress?.fraction ?? null;
  return fraction === null ? row.title : `${row.title} ${percent(fraction)}`;
}
