import * as vscode from 'vscode';
import { host } from '../host';
import { findRecipes } from '../recipes';
import type { Services } from '../services';
import { readSettings } from '../settings';
import type { CommandBody } from './command';

const SCHEME = 'maixcam-doctor';
const MOST_RECIPES = 20;

/** *Doctor*: a read-only document with what a question in an issue needs; nothing secret is in it. */
export const doctor: CommandBody = async (services) => {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Looking at tools and environments'),
    cancellable: true,
  };
  const text = await vscode.window.withProgress(options, async (_progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    return await report(services, abort.signal);
  });
  const provider = vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: () => text,
  });
  try {
    // A path of its own, because a document that is open already would keep its old text.
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${Date.now()}/MaixCAM Doctor.md` });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  } finally {
    provider.dispose();
  }
};

async function report(services: Services, signal: AbortSignal): Promise<string> {
  const { doctorReport, recipeOverview } = await host();
  const { recipes } = await findRecipes();
  const mayRun = services.trust.granted;
  return await doctorReport({
    editor: editorFacts(services),
    settings: changedSettings(),
    // The state of a step may need a look into an environment, which starts its Python.
    recipes: mayRun
      ? await Promise.all(
          recipes
            .slice(0, MOST_RECIPES)
            .map((uri) => recipeOverview(uri.fsPath, { env: services.environment(uri), signal })),
        )
      : [],
    env: services.environment(),
    mayRun,
    signal,
  });
}

function editorFacts({ context, trust }: Services): Readonly<Record<string, string>> {
  const { extensionPath } = context;
  const manifest = context.extension.packageJSON as { readonly version: unknown };
  const folders = vscode.workspace.workspaceFolders ?? [];
  return {
    'MaixCAM Workbench': `${String(manifest.version)}, ${extensionPath}`,
    Editor: `${vscode.env.appName} ${vscode.version}, ${vscode.env.uiKind === vscode.UIKind.Web ? 'browser' : 'desktop'}`,
    'Extension host': vscode.env.remoteName ?? 'this machine',
    Language: vscode.env.language,
    Workspace: `${folders.length} folders (${[...new Set(folders.map(({ uri }) => uri.scheme))].join(', ') || 'none'}), ${trust.granted ? 'trusted' : 'not trusted'}`,
  };
}

function changedSettings(): Readonly<Record<string, string>> {
  const { trainPython, convertPython, environmentsFolder, codeLens } = readSettings();
  return {
    ...(trainPython === '' ? {} : { 'maixcam.python.train': trainPython }),
    ...(convertPython === '' ? {} : { 'maixcam.python.convert': convertPython }),
    ...(environmentsFolder === '' ? {} : { 'maixcam.environments.folder': environmentsFolder }),
    ...(codeLens ? {} : { 'maixcam.codeLens.enabled': 'false' }),
  };
}
