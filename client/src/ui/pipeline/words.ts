import * as vscode from 'vscode';
import type { JobError } from '../../domain/jobs/job-record';
import type { StepRowState } from '../../domain/pipeline/overview';
import type { StaleReason } from '../../domain/pipeline/stale';
import type { StepName } from '../../domain/pipeline/steps';
import type { PipelineWords } from '../../domain/pipeline/words';
import { remedyFor, shownMessage } from '../remedies';

/** What the rows of a recipe say of themselves, in the language of the editor. */
export function pipelineWords(recipe: vscode.Uri): PipelineWords {
  return {
    title: stepTitle,
    classes: (count) => (count === 1 ? vscode.l10n.t('1 class') : vscode.l10n.t('{0} classes', count)),
    neverMade: stateWord('ready'),
    running: stateWord('running'),
    cancelled: stateWord('cancelled'),
    cancelledDetail: (kept) =>
      kept
        ? vscode.l10n.t('Cancelled. The earlier result is kept.')
        : vscode.l10n.t('Cancelled. Nothing half-made was left behind.'),
    waitsFor: (title) => vscode.l10n.t('waits for {0}', title),
    outOfDate: (reason) => vscode.l10n.t('out of date: {0}', causeOf(reason)),
    outOfDateDetail: (reason, result) =>
      `${vscode.l10n.t('Out of date: {0}.', causeOf(reason))}\n${vscode.l10n.t('Last result: {0}.', result)}`,
    runs: vscode.l10n.t('Runs:'),
    idle,
    lost: endedWithoutWord(),
    told: (error) => ({ message: shownMessage(error, recipe), hint: remedyFor(error, recipe).hint }),
    seeLog: vscode.l10n.t('The log of the run has the details.'),
  };
}

/** The step as it is called in the view: `Train`. */
export function stepTitle(step: StepName): string {
  switch (step) {
    case 'check':
      return vscode.l10n.t('Check');
    case 'train':
      return vscode.l10n.t('Train');
    case 'export':
      return vscode.l10n.t('Export');
    case 'outputs':
      return vscode.l10n.t('Outputs');
    case 'cut':
      return vscode.l10n.t('Cut');
    case 'convert':
      return vscode.l10n.t('Convert');
    case 'mud':
      return 'MUD';
    case 'compare':
      return vscode.l10n.t('Compare');
    case 'push':
      return vscode.l10n.t('Push');
  }
}

/** The process of a run is gone without its last word. */
export function endedWithoutWord(): JobError {
  return {
    code: 'JOB_LOST',
    message: vscode.l10n.t('The run ended without a word: its process was killed, or the computer went down.'),
    hint: vscode.l10n.t('Steps that were done stay done; run again to go on from there.'),
  };
}

function causeOf(reason: StaleReason): string {
  switch (reason.kind) {
    case 'never-made':
      return vscode.l10n.t('not made yet');
    case 'recipe':
      return vscode.l10n.t('the recipe changed');
    case 'environment-gone':
      return vscode.l10n.t('its environment is gone');
    case 'tool-version':
      return vscode.l10n.t('another version of the tool is installed');
    case 'command-lines':
      return vscode.l10n.t('the tool is called in another way');
    case 'inputs':
      return vscode.l10n.t('its inputs changed');
    case 'input':
      return vscode.l10n.t('{0} changed', reason.name);
    case 'step-remade':
      return vscode.l10n.t('{0} was made again', stepTitle(reason.step));
    case 'step-stale':
      return vscode.l10n.t('{0} has to run again first', stepTitle(reason.step));
    case 'output-gone':
      return vscode.l10n.t('{0} is gone', reason.name);
    case 'output-changed':
      return vscode.l10n.t('{0} was changed by hand', reason.name);
    case 'board':
      return vscode.l10n.t('the board is looked at each time');
  }
}

/** Steps that have nothing to do, and what would give them something. */
function idle(step: StepName, reason: string): { readonly text: string; readonly detail: string } {
  switch (step) {
    case 'push':
      return {
        text: vscode.l10n.t('no board chosen'),
        detail: vscode.l10n.t('No board is chosen yet. A click asks for its address and writes it into the recipe.'),
      };
    case 'check':
      return same(vscode.l10n.t('the recipe names no dataset'));
    case 'train':
    case 'export':
      return same(vscode.l10n.t('the recipe starts from an ONNX file'));
    default:
      return same(reason);
  }
}

function same(text: string): { readonly text: string; readonly detail: string } {
  return { text, detail: text };
}

/** Seconds for a person: `0.4 s`, `12 s`, `1 m 35 s`, `2 h 05 m`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return vscode.l10n.t('{0} s', seconds.toFixed(1));
  const whole = Math.round(seconds);
  if (whole < 60) return vscode.l10n.t('{0} s', whole);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return vscode.l10n.t('{0} m {1} s', minutes, twoDigits(whole % 60));
  return vscode.l10n.t('{0} h {1} m', Math.floor(minutes / 60), twoDigits(minutes % 60));
}

/** A state in words, for the hover and for screen readers: both cannot see the icon. */
export function stateWord(state: StepRowState): string {
  switch (state) {
    case 'done':
      return vscode.l10n.t('done');
    case 'outdated':
      return vscode.l10n.t('out of date');
    case 'ready':
      return vscode.l10n.t('not made yet');
    case 'waiting':
      return vscode.l10n.t('waiting');
    case 'running':
      return vscode.l10n.t('running');
    case 'failed':
      return vscode.l10n.t('failed');
    case 'cancelled':
      return vscode.l10n.t('cancelled');
    case 'idle':
      return vscode.l10n.t('nothing to do');
  }
}

/** 0 to 1 as `57 %`. */
export function percent(fraction: number): string {
  return vscode.l10n.t('{0} %', Math.floor(Math.min(1, Math.max(0, fraction)) * 100));
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
