import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { JobError } from '../../domain/jobs/job-record';
import type { JobSummary, RecipeOverview, StepRow } from '../../domain/pipeline/overview';
import type { MessageAction } from '../failures';
import { oneLine } from '../notify';
import { remedyFor } from '../remedies';
import type { StepNode } from './nodes';

/** What a click on a step's row does. */
export type StepAction =
  | { readonly kind: 'log'; readonly log: string }
  | { readonly kind: 'open'; readonly file: string }
  /** No board is chosen: ask for one. */
  | { readonly kind: 'push' }
  /** There is nothing to open: say why, and offer what would help. */
  | { readonly kind: 'offer'; readonly message: string; readonly offers: readonly Offer[] };

type Offer = 'run' | 'recipe';

const TOLD: readonly JobSummary['state'][] = ['failed', 'lost'];

/** A click opens what a person wants to see of this step now: its result, or the log of what goes on or went wrong. */
export function stepAction(overview: RecipeOverview, row: StepRow): StepAction {
  const { job } = overview;
  // A step may also fail before any run, e.g. for a dataset that is not there; no log tells of that.
  const isTold = row.state === 'running' || (row.state === 'failed' && job !== null && TOLD.includes(job.state));
  if (job !== null && isTold) return { kind: 'log', log: job.log };
  if (row.name === 'push' && row.state === 'idle') return { kind: 'push' };
  const [file] = row.outputs;
  if (file !== undefined) return { kind: 'open', file };
  const said = row.detail === '' ? row.text : row.detail;
  switch (row.state) {
    case 'idle':
      return { kind: 'offer', message: `${row.title}: ${said}`, offers: [] };
    // Something is missing that the recipe names; another run would miss it, too.
    case 'failed':
      return { kind: 'offer', message: `${row.title}: ${said}`, offers: ['recipe', 'run'] };
    case 'cancelled':
      return { kind: 'offer', message: `${row.title}: ${said}`, offers: ['run'] };
    // A tool is missing: its own button comes first.
    case 'waiting':
      if (row.error !== null) return { kind: 'offer', message: `${row.title}: ${said}`, offers: ['run'] };
      return { kind: 'offer', message: withoutResult(row), offers: ['run'] };
    case 'done':
    case 'outdated':
      return { kind: 'offer', message: vscode.l10n.t('{0} leaves no file: {1}', row.title, row.text), offers: [] };
    default:
      return { kind: 'offer', message: withoutResult(row), offers: ['run'] };
  }
}

function withoutResult({ title }: StepRow): string {
  return vscode.l10n.t('{0} has no result yet.', title);
}

/**
 * Says why there is nothing to open, with buttons for what helps; tools and runs only where they may be started.
 *
 * @param error what stands in the step's way; null where nothing does
 */
export async function offer(
  node: StepNode,
  message: string,
  offers: readonly Offer[],
  error: JobError | null,
): Promise<void> {
  const known: Readonly<Record<Offer, { readonly title: string; readonly command: string }>> = {
    run: { title: vscode.l10n.t('Run Step'), command: 'maixcam.runStep' },
    recipe: { title: vscode.l10n.t('Open Recipe'), command: 'maixcam.openRecipe' },
  };
  const trusted = vscode.workspace.isTrusted;
  const remedy = error === null || !trusted ? null : remedyFor(error, node.recipe).action;
  const own = offers
    .filter((one) => one !== 'run' || trusted)
    .map((one) => known[one])
    .map(({ title, command }) => ({ title, run: () => vscode.commands.executeCommand(command, node) }))
    .filter(({ title }) => title !== remedy?.title);
  const buttons: readonly MessageAction[] = remedy === null ? own : [remedy, ...own];
  const chosen = await vscode.window.showInformationMessage(oneLine(message), ...buttons.map(({ title }) => title));
  await buttons.find(({ title }) => title === chosen)?.run();
}

/** How a result is shown. */
type Viewer = 'text' | 'picture' | 'drawing' | 'explorer';

const VIEWERS: Readonly<Record<string, Viewer>> = {
  ...Object.fromEntries(['.mud', '.yaml', '.yml', '.json', '.csv', '.txt', '.log', '.md'].map((end) => [end, 'text'])),
  ...Object.fromEntries(['.png', '.jpg', '.jpeg', '.webp', '.gif'].map((end) => [end, 'picture'])),
  '.svg': 'drawing',
};

/**
 * Shows a published file: text and pictures in the editor, models and folders in the explorer.
 *
 * @returns false where it is not there any more
 */
export async function showResult(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  if (found === null) return false;
  const uri = vscode.Uri.file(file);
  const viewer = found.isDirectory() ? 'explorer' : (VIEWERS[path.extname(file).toLowerCase()] ?? 'explorer');
  switch (viewer) {
    case 'text':
      await vscode.window.showTextDocument(uri, { preview: true });
      break;
    case 'picture':
      await vscode.commands.executeCommand('vscode.open', uri);
      break;
    case 'drawing':
      await vscode.commands.executeCommand('vscode.openWith', uri, 'imagePreview.previewEditor');
      break;
    case 'explorer':
      await vscode.commands.executeCommand('revealInExplorer', uri);
  }
  return true;
}
