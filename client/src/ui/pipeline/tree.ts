import path from 'node:path';
import * as vscode from 'vscode';
import type { RecipeOverview } from '../../domain/pipeline/overview';
import { problemItem, recipeItem, stepItem } from './items';
import { nodeId, type RecipeNode, type TreeNode } from './nodes';
import { Overviews } from './overviews';
import { whereOf } from '../recipes';

/** With more recipes, their steps would not fit on a screen. */
const UNFOLDED_RECIPES = 3;

/** What the tree is given: the recipes of the workspace, and the reading of one. */
export interface TreeSource {
  /** In the order of the view. Asked when the view is shown for the first time and after `reload`. */
  recipes(): Promise<readonly vscode.Uri[]>;
  /** Never fails. `recipe` is an absolute path. */
  overview(recipe: string): Promise<RecipeOverview>;
}

/** The rows of the pipeline view: recipes, and below each its steps. Reads nothing before it is asked for rows. */
export class PipelineTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<TreeNode | TreeNode[] | undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly overviewChanges = new vscode.EventEmitter<RecipeOverview>();
  /** What is shown of a recipe has changed. */
  readonly onDidChangeOverview = this.overviewChanges.event;
  /** The editor tells rows by the identity of these objects. */
  private readonly nodes = new Map<string, TreeNode>();
  private readonly overviews: Overviews;
  private found: Promise<readonly vscode.Uri[]> | null = null;
  private recipes: readonly vscode.Uri[] = [];

  constructor(private readonly source: TreeSource) {
    this.overviews = new Overviews(
      (recipe) => source.overview(recipe),
      (recipe, before) => this.overviewChanged(recipe, before),
    );
  }

  /** Whether rows were asked for yet. */
  get started(): boolean {
    return this.found !== null;
  }

  /** The recipes that are shown. */
  get shown(): readonly vscode.Uri[] {
    return this.recipes;
  }

  /** What is known of a recipe; undefined before its first reading. */
  overview(recipe: vscode.Uri): RecipeOverview | undefined {
    return this.overviews.get(recipe.fsPath);
  }

  /** Shows something newer than the last reading. */
  show(overview: RecipeOverview): void {
    this.overviews.set(overview.recipe, overview);
  }

  /** Looks for recipes again, and reads those that are new. */
  reload(): void {
    if (!this.started) return;
    this.found = null;
    this.changes.fire(undefined);
  }

  /** Reads a recipe again; one that is not shown is ignored. */
  async refresh(recipe: vscode.Uri): Promise<void> {
    if (this.isShown(recipe)) await this.overviews.refresh(recipe.fsPath);
  }

  async refreshAll(): Promise<void> {
    await Promise.all(this.recipes.map((recipe) => this.refresh(recipe)));
  }

  isShown(recipe: vscode.Uri): boolean {
    return this.recipes.some((one) => one.toString() === recipe.toString());
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node === undefined) return await this.recipeNodes();
    if (node.kind !== 'recipe') return [];
    const overview = await this.overviews.first(node.recipe.fsPath);
    if (overview === undefined) return [];
    if (overview.error !== null) return [this.node({ kind: 'problem', recipe: node.recipe })];
    return overview.rows.map(({ name }) => this.node({ kind: 'step', recipe: node.recipe, step: name }));
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const overview = this.overview(node.recipe);
    if (node.kind === 'recipe') {
      const name = path.basename(node.recipe.fsPath);
      const unfolded = this.recipes.length <= UNFOLDED_RECIPES;
      return recipeItem(node, { name, where: whereOf(node.recipe, this.recipes), unfolded }, overview);
    }
    const row = node.kind === 'step' ? overview?.rows.find(({ name }) => name === node.step) : undefined;
    if (overview !== undefined && node.kind === 'problem') return problemItem(node, overview);
    // The row was removed after the editor asked for it; the change that removes it from the screen is on its way.
    if (overview === undefined || node.kind !== 'step' || row === undefined) return new vscode.TreeItem('');
    return stepItem(node, row, overview.job?.state === 'running', overview.job !== null);
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return node.kind === 'recipe' ? undefined : this.node({ kind: 'recipe', recipe: node.recipe });
  }

  dispose(): void {
    this.changes.dispose();
    this.overviewChanges.dispose();
  }

  private async recipeNodes(): Promise<TreeNode[]> {
    this.found ??= this.source.recipes();
    const found = await this.found;
    if (found !== this.recipes) this.take(found);
    return this.recipes.map((recipe) => this.node({ kind: 'recipe', recipe }));
  }

  private take(recipes: readonly vscode.Uri[]): void {
    const kept = new Set(recipes.map((recipe) => recipe.toString()));
    for (const gone of this.recipes.filter((recipe) => !kept.has(recipe.toString()))) {
      this.overviews.forget(gone.fsPath);
      for (const [id, node] of this.nodes) {
        if (node.recipe.toString() === gone.toString()) this.nodes.delete(id);
      }
    }
    this.recipes = recipes;
    for (const recipe of recipes) {
      if (this.overview(recipe) === undefined) void this.overviews.first(recipe.fsPath);
    }
  }

  private overviewChanged(path: string, before: RecipeOverview | undefined): void {
    const recipe = this.recipes.find(({ fsPath }) => fsPath === path);
    const after = recipe === undefined ? undefined : this.overview(recipe);
    if (recipe === undefined || after === undefined) return;
    const node: RecipeNode = this.node({ kind: 'recipe', recipe });
    const rows = changedSteps(before, after);
    if (rows === null) this.changes.fire(node);
    else if (rows.length > 0) this.changes.fire(rows.map((step) => this.node({ kind: 'step', recipe, step })));
    this.overviewChanges.fire(after);
  }

  private node<Kind extends TreeNode>(node: Kind): Kind {
    const id = nodeId(node);
    const known = this.nodes.get(id);
    if (known !== undefined) return known as Kind;
    this.nodes.set(id, node);
    return node;
  }
}

/** The steps whose rows look different; null where the recipe's own row or the list of its steps does. */
function changedSteps(before: RecipeOverview | undefined, after: RecipeOverview) {
  if (before === undefined) return null;
  const head = ({ rows, ...rest }: RecipeOverview): string => JSON.stringify([rest, rows.map(({ name }) => name)]);
  if (head(before) !== head(after)) return null;
  return after.rows
    .filter((row, index) => JSON.stringify(row) !== JSON.stringify(before.rows[index]))
    .map(({ name }) => name);
}
