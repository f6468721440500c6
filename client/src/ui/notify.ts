import * as vscode from 'vscode';
import { expectedFailure, Failure, isCancellation, Refusal, type MessageAction } from './failures';
import { remedyFor, shownMessage } from './remedies';
import type { Services } from './services';

/**
 * Tells a failure once, with at most two buttons: the fix where there is one, and the log. Cancellation is not told.
 * Resolves when the message is gone and what the person chose was begun.
 */
export async function tellFailure(services: Pick<Services, 'log'>, what: string, thrown: unknown): Promise<void> {
  if (isCancellation(thrown)) {
    services.log.info(`${what}: cancelled`);
    return;
  }
  if (thrown instanceof Refusal) {
    services.log.info(`${what}: ${thrown.message}`);
    await ask(services, 'warning', thrown.message, thrown.actions);
    return;
  }
  const expected = expectedFailure(thrown);
  if (expected === null) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    services.log.error(`${what}: ${thrown instanceof Error ? (thrown.stack ?? message) : message}`);
    await ask(
      services,
      'error',
      vscode.l10n.t('Something unexpected happened; the log has the details: {0}', message),
      [showLog(services)],
    );
    return;
  }
  const { target, run } = thrown instanceof Failure ? thrown : {};
  services.log.error(`${what}: ${expected.code}: ${expected.message} ${expected.hint}`);
  const { hint, action } = remedyFor(expected, target);
  const text = oneLine(`${shownMessage(expected, target)} ${hint}`).trim();
  const log = run === undefined || target === undefined ? showLog(services) : showRunLog(target);
  await ask(
    services,
    'error',
    run === undefined ? text : vscode.l10n.t('{0}: {1}', run, text),
    action === null ? [log] : [action, log],
  );
}

function showLog({ log }: Pick<Services, 'log'>): MessageAction {
  return {
    title: vscode.l10n.t('Show Log'),
    run: () => {
      log.show(true);
      return Promise.resolve();
    },
  };
}

/** What a tool said before it failed stands in the log of the run, not in the extension's. */
function showRunLog(recipe: vscode.Uri): MessageAction {
  return {
    title: vscode.l10n.t('Show Log'),
    run: () => vscode.commands.executeCommand('maixcam.showRunLog', recipe),
  };
}

/** Gives an expected failure of some work the recipe or model that it is about, for the button beside it. */
export async function about<T>(target: vscode.Uri, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    const expected = isCancellation(thrown) ? null : expectedFailure(thrown);
    throw expected === null ? thrown : new Failure(expected, target);
  }
}

/** Tells a result with what can be done next. */
export async function tellResult(
  services: Pick<Services, 'log'>,
  message: string,
  actions: readonly MessageAction[] = [],
): Promise<void> {
  services.log.info(message);
  await ask(services, 'information', message, actions);
}

async function ask(
  services: Pick<Services, 'log'>,
  severity: 'information' | 'warning' | 'error',
  message: string,
  actions: readonly MessageAction[],
): Promise<void> {
  const titles = actions.map(({ title }) => title);
  const show = {
    information: vscode.window.showInformationMessage,
    warning: vscode.window.showWarningMessage,
    error: vscode.window.showErrorMessage,
  }[severity] as (message: string, ...items: string[]) => Thenable<string | undefined>;
  const chosen = await show(message, ...titles);
  const action = actions.find(({ title }) => title === chosen);
  if (action === undefined) return;
  try {
    await action.run();
  } catch (thrown) {
    await tellFailure(services, action.title, thrown);
  }
}

/** A message as a notification shows it: on one line, and words of files in quotes, because backticks are not drawn. */
export function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/`([^`]+)`/g, '"$1"');
}
