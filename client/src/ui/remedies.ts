import * as vscode from 'vscode';
import type { JobError } from '../domain/jobs/job-record';
import type { MessageAction } from './failures';
import { readSettings } from './settings';

/** An error's own message, with the setting in the place of the variable that the extension sets from it. */
export function shownMessage({ message }: JobError, target: vscode.Uri | undefined): string {
  const { trainPython, convertPython, environmentsFolder } = readSettings(target);
  const names = [
    [trainPython, 'MAIXCAM_TRAIN_PYTHON', 'maixcam.python.train'],
    [convertPython, 'MAIXCAM_CONVERT_PYTHON', 'maixcam.python.convert'],
    [environmentsFolder, 'MAIXCAM_ENV_DIR', 'maixcam.environments.folder'],
  ] as const;
  return names.reduce((text, [value, from, to]) => (value === '' ? text : text.replaceAll(from, to)), message);
}

/** What a message offers: its last sentence and one button. */
interface Remedy {
  readonly hint: string;
  readonly action: MessageAction | null;
}

/**
 * The way out of a failure in the editor. Hints of the host layer speak of the terminal program where they name a
 * command; here a button takes its place.
 *
 * @param target recipe or model that the failure is about
 */
export function remedyFor(error: JobError, target: vscode.Uri | undefined): Remedy {
  const { code, hint } = error;
  const command = (title: string, id: string, ...args: readonly unknown[]): MessageAction => ({
    title,
    run: () => vscode.commands.executeCommand(id, ...args),
  });
  if (/^ENV_(MISSING|BROKEN|OUTDATED|PROOF_FAILED)$/.test(code)) {
    return {
      hint: vscode.l10n.t('Let the extension create it, or name one of your own in the settings.'),
      action: command(vscode.l10n.t('Create Environment…'), 'maixcam.createEnvironment', environmentIn(error)),
    };
  }
  if (code === 'CONVERT_GLIBC' || code === 'CONVERT_ENVIRONMENT') {
    return {
      hint: vscode.l10n.t('Let the extension make the environment anew.'),
      action: command(vscode.l10n.t('Create Environment…'), 'maixcam.createEnvironment', 'convert'),
    };
  }
  if (code === 'ENV_DISK_SPACE') {
    return {
      hint: vscode.l10n.t('Free some space, or name a folder on a larger disk in the settings.'),
      action: command(vscode.l10n.t('Open Settings'), 'workbench.action.openSettings', 'maixcam.environments.folder'),
    };
  }
  if (code.startsWith('ENV_BROUGHT_')) {
    return {
      hint: vscode.l10n.t('Correct or empty the setting; when it is empty, the extension makes an environment.'),
      action: command(vscode.l10n.t('Open Settings'), 'workbench.action.openSettings', 'maixcam.python'),
    };
  }
  if (code === 'RECIPE_BUSY') {
    return {
      hint: vscode.l10n.t('Wait for that run to end, or cancel it.'),
      action: target === undefined ? null : command(vscode.l10n.t('Cancel That Run'), 'maixcam.cancel', target),
    };
  }
  if (/^RECIPE_(INVALID|UNREADABLE)$/.test(code) && target !== undefined) {
    return {
      hint: vscode.l10n.t('Correct the recipe and run the command again.'),
      action: command(vscode.l10n.t('Open Recipe'), 'vscode.open', target),
    };
  }
  if (code === 'RECIPE_NOT_FOUND') {
    return { hint: vscode.l10n.t('Open the folder where the recipe lies now.'), action: null };
  }
  if (code === 'MUD_INVALID' && target?.path.toLowerCase().endsWith('.mud') === true) {
    return {
      hint: vscode.l10n.t('What the board would refuse is marked in the file.'),
      action: command(vscode.l10n.t('Open File'), 'vscode.open', target),
    };
  }
  if (code === 'HOST_KEY_CHANGED') {
    return {
      hint: vscode.l10n.t(
        'If you flashed the board anew or connected another board, push again: both keys are shown then. If not, find out which machine answers at this address.',
      ),
      action: target === undefined ? null : command(vscode.l10n.t('Push to Board…'), 'maixcam.pushToBoard', target),
    };
  }
  if (code === 'BOARD_UNREACHABLE' && target !== undefined) {
    return {
      hint,
      action: command(vscode.l10n.t('Change Address…'), 'maixcam.pushToBoard', target, { askAddress: true }),
    };
  }
  if (OUTPUTS_PROBLEM.test(code)) {
    return {
      hint:
        code === 'HEAD_UNKNOWN' || code === 'BOARD_CANNOT_DECODE'
          ? vscode.l10n.t(
              'Export the model with an unchanged Ultralytics head, or choose the outputs by hand; their names are checked against the model.',
            )
          : hint,
      action: target === undefined ? null : command(vscode.l10n.t('Choose Outputs…'), 'maixcam.chooseOutputs', target),
    };
  }
  if (code === 'PUSH_NOT_BUILT' && target !== undefined) {
    return {
      hint: vscode.l10n.t('Run the pipeline first.'),
      action: command(vscode.l10n.t('Run Pipeline'), 'maixcam.runPipeline', target),
    };
  }
  if (code === 'BOARD_AUTH_FAILED') return { hint: stockPasswords(), action: null };
  return { hint, action: null };
}

const OUTPUTS_PROBLEM =
  /^(OUTPUTS_UNDECODABLE|ONNX_OUTPUT_MISSING|ONNX_OUTPUT_REPEATED|HEAD_UNKNOWN|BOARD_CANNOT_DECODE)$/;

/** Spec board.md 0.1. */
export function stockPasswords(): string {
  return vscode.l10n.t(
    'On a fresh image the password of root is "sipeed" on MaixCAM2 and "root" on MaixCAM and MaixCAM-Pro.',
  );
}

/** Which environment a message is about; the hint of `ENV_MISSING` names it. */
function environmentIn({ hint, message }: JobError): 'train' | 'convert' | undefined {
  const match = /env create (train|convert)/.exec(`${hint} ${message}`)?.[1];
  return match === 'train' || match === 'convert' ? match : undefined;
}
