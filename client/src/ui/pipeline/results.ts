import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { JobSummary, RecipeOverview, StepRow } from '../../domain/pipeline/overview';
import type { StepNode } from './nodes';

/** What a click on a step's row does. */
export type StepAction =
  | { readonly kind: 'log'; readonly log: string }
  | { readonly kind: 'open'; readonly file: string }
  /** No board is chosen: ask for one. */
  | { readonly kind: 'push' }
  /** There is nothing to open: say why, and offer the run that would make it. */
  | { readonly kind: 'offer'; readonly message: string; readonly run: boolean };

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
      return { kind: 'offer', message: `${row.title}: ${said}`, run: false };
    case 'failed':
    case 'cancelled':
      return { kind: 'offer', message: `${row.title}: ${said}`, run: true };
    case 'done':
    case 'outdated':
      return { kind: 'offer', message: vscode.l10n.t('{0} leaves no file: {1}', row.title, row.text), run: false };
    default:
      return { kind: 'offer', message: vscode.l10n.t('{0} has no result yet.', row.title), run: true };
  }
}

/** Says why there is nothing to open and, where it helps, offers to run the step. */
export async function offerRun(node: StepNode, message: string, run: boolean): Promise<void> {
  const runStep = vscode.l10n.t('Run Step');
  const buttons = run && vscode.workspace.isTrusted ? [runStep] : [];
  const chosen = await vscode.window.showInformationMessage(oneLine(message), ...buttons);
  if (chosen === runStep) await vscode.commands.executeCommand('maixcam.runStep', node);
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

/** Notifications show no line breaks. */
function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
