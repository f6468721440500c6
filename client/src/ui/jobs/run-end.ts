import * as vscode from 'vscode';
import type { JobRecord } from '../../domain/jobs/job-record';
import type { StepName, StepResult } from '../../domain/pipeline/steps';
import type { MessageAction } from '../failures';

/** What is told of a run that has done its work: one sentence, and what a person would do next. */
export interface RunMessage {
  readonly text: string;
  readonly actions: readonly MessageAction[];
}

/** File of the comparison that a person looks at first (host/steps/compare.ts). */
const CONTACT_SHEET = 'contact-sheet.png';

/**
 * The end of a run in one message: the figures that matter, and the next action.
 *
 * @param name of the recipe, as it is shown
 * @param record of a run that is done
 */
export function messageOfRun(name: string, recipe: vscode.Uri, { steps }: Pick<JobRecord, 'steps'>): RunMessage {
  const sheet = outputOf(steps, 'compare', CONTACT_SHEET);
  // Skipped with an output: every file was on the board already. Skipped without one: no board is chosen.
  const pushed = steps.find((step) => step.name === 'push' && step.outputs.length > 0);
  const model = steps.find((step) => step.name === 'mud');
  const actions: MessageAction[] = [];
  if (sheet !== undefined) {
    actions.push({
      title: vscode.l10n.t('Open Contact Sheet'),
      run: () => vscode.commands.executeCommand('vscode.open', vscode.Uri.file(sheet)),
    });
  }
  if (pushed === undefined && model !== undefined) {
    actions.push({
      title: vscode.l10n.t('Push to Board…'),
      run: () => vscode.commands.executeCommand('maixcam.pushToBoard', recipe),
    });
  }
  const parts = [textOf(steps, 'train'), textOf(steps, 'compare'), pushed?.summary.text].filter(
    (text) => text !== undefined && text !== '',
  );
  if (parts.length === 0) parts.push(steps.at(-1)?.summary.text ?? '');
  const ready = pushed === undefined && model !== undefined ? [vscode.l10n.t('Ready to push')] : [];
  const figures = [...parts, ...ready].join(' · ');
  const nothingDone = steps.every((step) => step.state === 'skipped');
  return {
    text: nothingDone
      ? vscode.l10n.t('{0} is up to date: {1}', name, figures)
      : vscode.l10n.t('{0} is done: {1}', name, figures),
    actions,
  };
}

function textOf(steps: readonly StepResult[], name: StepName): string | undefined {
  const step = steps.find((one) => one.name === name);
  // A step that has nothing to do for this recipe has no result either.
  return step === undefined || step.outputs.length === 0 ? undefined : step.summary.text;
}

function outputOf(steps: readonly StepResult[], name: StepName, file: string): string | undefined {
  const outputs = steps.find((step) => step.name === name)?.outputs ?? [];
  return outputs.find((output) => output.split(/[\\/]/).at(-1) === file);
}
