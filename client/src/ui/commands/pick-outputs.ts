import * as vscode from 'vscode';
import type { BoardId } from '../../../../server/src/core/board/kinds';
import { expectedFailure } from '../failures';
import { host } from '../host';
import { about } from '../notify';
import { runFlow, type FlowStep } from '../pick/flow';
import type { OutputsLook, SuggestedSet } from '../../host/workbench';

/** What a recipe has under `outputs`. */
export type Outputs = 'auto' | readonly string[];

interface Answers {
  readonly way?: 'set' | 'graph' | 'paste';
  readonly outputs?: Outputs;
}

type WayItem = vscode.QuickPickItem & Answers;

/** The form is changed rarely; graphs of real models have some hundred tensors. */
const MOST_NAMES_SHOWN = 5;

/**
 * Lets a person choose the outputs of a model: the recommended set with its reason, what else the board decodes, an
 * own set of tensors of the graph, or pasted names. Names are checked against this file before they are taken.
 *
 * @throws Failure where the file is no ONNX model; CancellationError
 */
export async function pickOutputs(model: vscode.Uri, board: BoardId, current: Outputs): Promise<Outputs> {
  const { lookAtOutputs } = await host();
  const look = await about(
    model,
    Promise.resolve().then(() => lookAtOutputs(model.fsPath, board)),
  );
  const title = vscode.l10n.t('Outputs for {0}', look.board);
  const { outputs } = await runFlow<Answers>(title, {}, [
    chooseWay(look, current),
    async ({ way, outputs: taken }, ask) => {
      if (way === 'graph') return { outputs: await pickTensors(look, current, title) };
      if (way === 'paste') return { outputs: await pasteNames(model, board, current, ask) };
      return { outputs: taken ?? 'auto' };
    },
  ]);
  const chosen = outputs ?? 'auto';
  if (chosen !== 'auto') await confirmNames(model, board, look, chosen);
  return chosen;
}

function chooseWay(look: OutputsLook, current: Outputs): FlowStep<Answers> {
  return async (_answers, ask) => {
    const { recommended } = look;
    const items: WayItem[] = [];
    if (recommended !== null) items.push(...recommendedItems(look, recommended));
    for (const set of look.alternatives) {
      if (set.names !== null) items.push({ ...itemOf(set), way: 'set', outputs: set.names });
    }
    // Not to be chosen, but not hidden either: a person may know this form from a tutorial.
    for (const set of look.alternatives) {
      if (set.names === null) items.push({ label: onlyByAuto(set), kind: vscode.QuickPickItemKind.Separator });
    }
    items.push(
      { label: vscode.l10n.t('Own set'), kind: vscode.QuickPickItemKind.Separator },
      { label: vscode.l10n.t('$(list-tree) Choose from the graph…'), way: 'graph' },
      { label: vscode.l10n.t('$(clippy) Paste names…'), way: 'paste' },
    );
    const shown = current === 'auto' ? vscode.l10n.t('found from the graph') : current.join(', ');
    const refusal = look.refusal === null ? '' : `${look.refusal.message} `;
    return await ask.pick(items, {
      placeholder: refusal + vscode.l10n.t('Now: {0}', shown),
      active: items.find(({ outputs }) => String(outputs) === String(current)) ?? items[0],
    });
  };
}

function recommendedItems(look: OutputsLook, set: SuggestedSet): readonly WayItem[] {
  const reason = look.warnings.map(({ message }) => message).join(' ');
  return [
    { label: look.model, kind: vscode.QuickPickItemKind.Separator },
    {
      ...itemOf(set),
      label: `$(star-full) ${set.title}`,
      description: vscode.l10n.t('recommended: auto'),
      detail: [set.names === null ? vscode.l10n.t('makes tensors that the graph lacks') : '', tensorsOf(set), reason]
        .filter((text) => text !== '')
        .join('  '),
      way: 'set',
      outputs: 'auto',
    },
  ];
}

function itemOf(set: SuggestedSet): vscode.QuickPickItem {
  return {
    label: set.title,
    description: vscode.l10n.t('also possible'),
    detail: [set.consequence, tensorsOf(set)].filter((text) => text !== '').join('  '),
  };
}

function tensorsOf({ tensors }: SuggestedSet): string {
  return tensors.join(' · ');
}

function onlyByAuto({ title }: SuggestedSet): string {
  return vscode.l10n.t(
    '{0}: has tensors that the graph lacks; only auto makes some, those of the recommended set',
    title,
  );
}

/** The graph's tensors, those near its end first; what is chosen now is ticked. */
async function pickTensors(look: OutputsLook, current: Outputs, title: string): Promise<readonly string[]> {
  const items = look.tensors.map(({ name, operator, shape, isOutput }) => ({
    label: name,
    description: [operator, shape].filter((text) => text !== '').join('  '),
    ...(isOutput ? { detail: vscode.l10n.t('output of the model as it is') } : {}),
    picked: current !== 'auto' && current.includes(name),
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title,
    canPickMany: true,
    matchOnDescription: true,
    placeHolder: vscode.l10n.t('Tensors where the model is cut'),
    ignoreFocusOut: true,
  });
  if (picked === undefined || picked.length === 0) throw new vscode.CancellationError();
  // In the order of the graph, as exporters and tutorials name them.
  return picked.map(({ label }) => label).reverse();
}

async function pasteNames(
  model: vscode.Uri,
  board: BoardId,
  current: Outputs,
  ask: Parameters<FlowStep<Answers>>[1],
): Promise<readonly string[]> {
  const { judgeOutputNames } = await host();
  const typed = await ask.text({
    prompt: vscode.l10n.t('Names of tensors, separated by commas or blanks'),
    value: current === 'auto' ? '' : current.join(', '),
    validate: (value) => {
      const names = namesIn(value);
      if (names.length === 0) return Promise.resolve(vscode.l10n.t('Write at least one name.'));
      try {
        judgeOutputNames(model.fsPath, board, names);
        return Promise.resolve(null);
      } catch (thrown) {
        const expected = expectedFailure(thrown);
        if (expected === null) throw thrown;
        return Promise.resolve(`${expected.message} ${expected.hint}`);
      }
    },
  });
  return namesIn(typed);
}

/** Names in what a person pastes: lists of YAML, JSON, Python and shells. */
export function namesIn(text: string): readonly string[] {
  return text
    .split(/[\s,;[\]"'`]+/)
    .filter((word) => word !== '' && word !== '-')
    .map((word) => word.trim());
}

/** A set that the board gets wrong is taken only when the person insists: they may decode it themselves. */
async function confirmNames(
  model: vscode.Uri,
  board: BoardId,
  look: OutputsLook,
  names: readonly string[],
): Promise<void> {
  const { judgeOutputNames } = await host();
  const { verdict, message } = await about(
    model,
    Promise.resolve().then(() => judgeOutputNames(model.fsPath, board, names)),
  );
  if (verdict !== 'wrong') return;
  const insist = vscode.l10n.t('Use Them Anyway');
  const shown = names.slice(0, MOST_NAMES_SHOWN).join(', ');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} cannot decode these outputs', look.board),
    { modal: true, detail: `${message} (${shown}${names.length > MOST_NAMES_SHOWN ? ', …' : ''})` },
    insist,
  );
  if (chosen !== insist) throw new vscode.CancellationError();
}
