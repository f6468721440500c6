import * as vscode from 'vscode';
import type { RecipeOverview, StepRow, StepRowState } from '../../domain/pipeline/overview';
import { nodeId, type ProblemNode, type RecipeNode, type StepNode } from './nodes';
import { nextStepUri } from './next-step';
import { duration, percent, stateWord } from './words';

const SEPARATOR = ' · ';
/** A shorter time would be shown as none. */
const SHOWN_SECONDS = 0.05;

/** What a recipe's row needs besides its overview. */
export interface RecipePlace {
  /** `shapes.maixcam.yaml` */
  readonly name: string;
  /** Workspace folder or folder in it, where the name alone does not tell which one; otherwise empty. */
  readonly where: string;
  /** Unfolded when the person has not decided about it. */
  readonly unfolded: boolean;
}

/** The row of a recipe. `overview` is undefined until it was read for the first time. */
export function recipeItem(
  node: RecipeNode,
  place: RecipePlace,
  overview: RecipeOverview | undefined,
): vscode.TreeItem {
  const unfold = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(place.name, place.unfolded ? unfold.Expanded : unfold.Collapsed);
  const running = overview?.job?.state === 'running';
  const broken = (overview?.error ?? null) !== null;
  item.id = nodeId(node);
  item.resourceUri = node.recipe;
  item.iconPath = running
    ? themeIcon('loading~spin', 'charts.blue')
    : broken
      ? themeIcon('error', 'list.errorForeground')
      : vscode.ThemeIcon.File;
  const description = broken ? vscode.l10n.t('has errors') : (overview?.description ?? '');
  item.description = joined([place.where, description]);
  item.contextValue = words(['recipe', running && 'running', (overview?.job ?? null) !== null && 'log']);
  item.tooltip = recipeTooltip(node, overview);
  item.accessibilityInformation = {
    label: [place.name, place.where, description, running ? stateWord('running') : '']
      .filter((part) => part !== '')
      .join(', '),
  };
  return item;
}

/** The row that stands for the steps of a recipe that cannot be read. */
export function problemItem(node: ProblemNode, overview: RecipeOverview): vscode.TreeItem {
  const { message, hint } = overview.error ?? { message: overview.description, hint: '' };
  const item = new vscode.TreeItem(firstProblem(message), vscode.TreeItemCollapsibleState.None);
  item.id = nodeId(node);
  item.iconPath = themeIcon('error', 'list.errorForeground');
  item.contextValue = 'problem';
  item.tooltip = paragraphs([message, hint]);
  item.command = { command: 'maixcam.openRecipe', title: vscode.l10n.t('Open Recipe'), arguments: [node] };
  item.accessibilityInformation = { label: vscode.l10n.t('Problem: {0}', message) };
  return item;
}

/** The row of a step. `busy`: a run of this recipe goes on, in this step or another. */
export function stepItem(node: StepNode, row: StepRow, busy: boolean, hasLog: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(row.title, vscode.TreeItemCollapsibleState.None);
  item.id = nodeId(node);
  if (row.next) item.resourceUri = nextStepUri(node);
  item.iconPath = stepIcon(row);
  item.description = joined([row.next ? vscode.l10n.t('next') : '', stepText(row), stepTime(row)]);
  item.contextValue = words([
    'step',
    row.state === 'running' && 'running',
    row.state !== 'running' && !busy && (row.name === 'push' ? 'board' : row.state !== 'idle' && 'runnable'),
    row.outputs.length > 0 && 'result',
    hasLog && 'log',
  ]);
  item.tooltip = stepTooltip(row);
  item.command = { command: 'maixcam.openStep', title: vscode.l10n.t('Open Result'), arguments: [node] };
  item.accessibilityInformation = {
    label: [row.title, stateWord(row.state), row.next ? vscode.l10n.t('next step') : '', stepText(row), stepTime(row)]
      .filter((part) => part !== '')
      .join(', '),
  };
  return item;
}

const ICONS: Readonly<Record<StepRowState, readonly [icon: string, colour: string]>> = {
  done: ['pass', 'testing.iconPassed'],
  outdated: ['warning', 'list.warningForeground'],
  ready: ['circle-large-outline', 'descriptionForeground'],
  waiting: ['circle-large-outline', 'disabledForeground'],
  running: ['loading~spin', 'charts.blue'],
  failed: ['error', 'testing.iconFailed'],
  cancelled: ['circle-slash', 'list.warningForeground'],
  idle: ['dash', 'disabledForeground'],
};

function stepIcon(row: StepRow): vscode.ThemeIcon {
  if (row.next && (row.state === 'ready' || row.state === 'waiting'))
    return themeIcon('play-circle', 'textLink.foreground');
  return themeIcon(...ICONS[row.state]);
}

function stepText(row: StepRow): string {
  const fraction = row.state === 'running' ? (row.progress?.fraction ?? null) : null;
  return joined([fraction === null ? '' : percent(fraction), row.text]);
}

/** Of a result that is there: of a step that waits or runs, an old time says nothing. */
function stepTime(row: StepRow): string {
  const shown = row.state === 'done' || row.state === 'outdated' || row.state === 'failed';
  return shown && row.seconds !== null && row.seconds >= SHOWN_SECONDS ? duration(row.seconds) : '';
}

function stepTooltip(row: StepRow): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(row.title).appendMarkdown('** — ').appendText(stateWord(row.state));
  const time = stepTime(row);
  if (time !== '') text.appendText(SEPARATOR + time);
  if (!row.detail.includes(row.text)) appendParagraph(text, row.text);
  appendParagraph(text, row.detail);
  const [result] = row.outputs;
  if (result !== undefined) appendParagraph(text, vscode.l10n.t('Result: {0}', result));
  return text;
}

function recipeTooltip(node: RecipeNode, overview: RecipeOverview | undefined): vscode.MarkdownString {
  const { message, hint } = overview?.error ?? { message: overview?.description ?? '', hint: '' };
  const parts = [node.recipe.fsPath, message, hint];
  const job = overview?.job ?? null;
  if (job !== null) {
    const started = new Date(job.startedAt).toLocaleString();
    parts.push(
      job.state === 'running'
        ? vscode.l10n.t('Runs since {0} (process {1}).', started, job.pid)
        : job.state === 'lost'
          ? vscode.l10n.t('The run of {0} ended without a word. Its log tells how far it came.', started)
          : vscode.l10n.t('Last run: {0}.', started),
    );
  }
  return paragraphs(parts);
}

/** Texts of files, models and tools are data: nothing in them becomes a link, a picture or HTML. */
function paragraphs(parts: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  for (const part of parts) appendParagraph(text, part);
  return text;
}

function appendParagraph(text: vscode.MarkdownString, part: string): void {
  if (part === '') return;
  if (text.value !== '') text.appendMarkdown('\n\n');
  text.appendText(part);
}

/** The first line that says what is wrong, without the headline above a list of problems. */
function firstProblem(message: string): string {
  const [head = '', first] = message.split('\n').map((line) => line.trim());
  return first === undefined || first === '' ? head : first;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(SEPARATOR);
}

function words(parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false).join(' ');
}

function themeIcon(id: string, colour: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(id, new vscode.ThemeColor(colour));
}
