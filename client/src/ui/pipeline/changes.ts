import * as vscode from 'vscode';
import { isRecipe, recipeOfResult } from '../recipes';

/** Several files change together when a step is published or a branch is switched. */
const QUIET_MS = 300;

/** What has changed on the disk since the last call. */
export interface DiskChanges {
  /** Recipes came or went. */
  readonly list: boolean;
  /** Something that any recipe may depend on: a dataset's description. */
  readonly all: boolean;
  /** Recipes whose own file changed. */
  readonly recipes: readonly vscode.Uri[];
  /** Recipes whose results or job records changed. */
  readonly results: readonly vscode.Uri[];
}

/**
 * Watches the recipes, what their runs make, and dataset descriptions, and tells of all changes once they rest.
 * Pictures are not watched: a dataset may have a hundred thousand.
 *
 * @param shown the recipes whose folders may be removed
 */
export function watchDisk(
  tell: (changes: DiskChanges) => void,
  shown: () => readonly vscode.Uri[] = () => [],
): vscode.Disposable {
  let list = false;
  let all = false;
  const recipes = new Map<string, vscode.Uri>();
  const results = new Map<string, vscode.Uri>();
  let timer: NodeJS.Timeout | undefined;

  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      const changes = { list, all, recipes: [...recipes.values()], results: [...results.values()] };
      list = all = false;
      recipes.clear();
      results.clear();
      tell(changes);
    }, QUIET_MS);
  };
  const yaml = vscode.workspace.createFileSystemWatcher('**/*.{yaml,yml}');
  const made = vscode.workspace.createFileSystemWatcher('**/.maixcam/**');
  // Of a folder that is removed the editor tells only that, not what was in it.
  const removed = vscode.workspace.createFileSystemWatcher('**', true, true, false);
  const onRemoved = (uri: vscode.Uri): void => {
    if (!shown().some((recipe) => recipe.path.startsWith(`${uri.path}/`))) return;
    list = true;
    soon();
  };
  const onYaml = (uri: vscode.Uri, known: boolean): void => {
    // Copies in packages and results are nobody's recipes.
    if (/\/(node_modules|\.maixcam)\//.test(uri.path)) return;
    if (!isRecipe(uri)) all = true;
    else if (known) recipes.set(uri.toString(), uri);
    else list = true;
    soon();
  };
  const onMade = (uri: vscode.Uri): void => {
    const result = recipeOfResult(uri);
    if (result === null || !matters(result.inside)) return;
    results.set(result.recipe.toString(), result.recipe);
    soon();
  };
  return vscode.Disposable.from(
    yaml,
    made,
    removed,
    removed.onDidDelete(onRemoved),
    yaml.onDidCreate((uri) => onYaml(uri, false)),
    yaml.onDidDelete((uri) => onYaml(uri, false)),
    yaml.onDidChange((uri) => onYaml(uri, true)),
    made.onDidCreate(onMade),
    made.onDidChange(onMade),
    made.onDidDelete(onMade),
    {
      dispose: () => clearTimeout(timer),
    },
  );
}

/** Step folders as a whole, stamps and job records; not logs, which grow all the time, nor what lies deeper. */
function matters(inside: string): boolean {
  return !inside.includes('/') || /^[^/]+\/stamp\.json$/.test(inside) || /^jobs\/[^/]+\.json$/.test(inside);
}
