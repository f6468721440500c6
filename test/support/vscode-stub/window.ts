import type * as vscode from 'vscode';

import { currentEditor } from './editor';
import type { Prompt } from './prompts';
import { isChoice, promptOfItems, StubInputBox, StubQuickPick } from './quick-input';
import { Disposable, EventEmitter, LogLevel, Range, Uri } from './values';

type Severity = 'information' | 'warning' | 'error';

/** Items of a message: titles, or objects with one. */
function message(severity: Severity): (text: string, ...rest: readonly unknown[]) => Thenable<never> {
  return (text, ...rest) => {
    const { prompts } = currentEditor();
    const [first] = rest;
    const hasOptions = typeof first === 'object' && first !== null && !('title' in first);
    const { modal = false, detail = '' } = (hasOptions ? first : {}) as vscode.MessageOptions;
    const items = (hasOptions ? rest.slice(1) : rest) as readonly (string | vscode.MessageItem)[];
    const choices = items.map((item) => (typeof item === 'string' ? item : item.title));
    const prompt = prompts.show({ kind: severity, text, choices, modal, detail });
    return later(() => {
      const answer = prompts.next(prompt);
      if (answer.do === 'dismiss') return undefined;
      const [label = ''] = prompts.chosen(prompt, answer);
      return items[choices.indexOf(label)];
    }) as Thenable<unknown> as Thenable<never>;
  };
}

async function later<T>(work: () => T): Promise<T> {
  await new Promise((resolve) => setImmediate(resolve));
  return work();
}

async function showQuickPick(
  given: readonly (string | vscode.QuickPickItem)[] | Thenable<readonly (string | vscode.QuickPickItem)[]>,
  options: vscode.QuickPickOptions = {},
): Promise<never> {
  const { prompts } = currentEditor();
  const list = await given;
  const items = list.map((item) => (typeof item === 'string' ? { label: item } : item));
  const prompt = prompts.show(promptOfItems(options.title, options.placeHolder, items));
  return (await later(() => {
    const answer = prompts.next(prompt);
    if (answer.do === 'dismiss') return undefined;
    const labels = prompts.chosen(prompt, answer);
    const picked = list.filter((_, index) => {
      const item = items[index];
      return item !== undefined && isChoice(item) && labels.includes(item.label);
    });
    return options.canPickMany === true ? picked : picked[0];
  })) as never;
}

async function showInputBox(options: vscode.InputBoxOptions = {}): Promise<string | undefined> {
  const { prompts } = currentEditor();
  for (;;) {
    const { title = '', prompt: text = '', value = '', password = false } = options;
    const prompt: Prompt = prompts.show({ kind: 'text', title, text, value, password });
    const answer = await later(() => prompts.next(prompt));
    if (answer.do === 'dismiss') return undefined;
    if (answer.do !== 'type') throw prompts.failure(`${answer.do} is no answer to "${title}"`);
    const refusal = (await options.validateInput?.(answer.text)) ?? null;
    if (refusal === null || refusal === '') return answer.text;
    prompt.refusals.push(typeof refusal === 'string' ? refusal : refusal.message);
  }
}

async function showOpenDialog(options: vscode.OpenDialogOptions = {}): Promise<vscode.Uri[] | undefined> {
  const { prompts } = currentEditor();
  const prompt = prompts.show({ kind: 'open', title: options.title ?? '' });
  const answer = await later(() => prompts.next(prompt));
  if (answer.do === 'dismiss') return undefined;
  if (answer.do !== 'open') throw prompts.failure(`${answer.do} is no answer to a file dialog`);
  return [Uri.file(answer.path)];
}

/** Also the channel without levels: what it has more is not used. */
function createOutputChannel(name: string): vscode.LogOutputChannel {
  currentEditor().channels.push(name);
  const write =
    (level: string) =>
    (text: string | Error): void => {
      currentEditor().log.push(`${name} [${level}] ${String(text)}`);
    };
  const show = (): void => {
    currentEditor().logShown += 1;
  };
  return {
    name,
    logLevel: LogLevel.Info,
    onDidChangeLogLevel: new EventEmitter<vscode.LogLevel>().event,
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    append: write('append'),
    appendLine: write('line'),
    replace: write('replace'),
    clear: () => undefined,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the declaration has an old overload beside the one used
    show,
    hide: () => undefined,
    dispose: () => undefined,
  };
}

async function withProgress<R>(
  options: vscode.ProgressOptions,
  task: (
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ) => Thenable<R>,
): Promise<R> {
  const editor = currentEditor();
  const { shown, token } = editor.showProgress(options);
  try {
    return await task(
      {
        report: ({ message: text, increment = 0 }) => {
          if (text !== undefined) shown.messages.push(text);
          shown.percent += increment;
          editor.progressMoved(shown);
        },
      },
      token,
    );
  } finally {
    shown.ended = true;
    editor.progressMoved(shown);
  }
}

function showTextDocument(target: vscode.TextDocument | vscode.Uri): Thenable<vscode.TextEditor> {
  const editor = currentEditor();
  const document = 'getText' in target ? target : editor.document(target);
  editor.shown.push(document.uri);
  const start = new Range(0, 0, 0, 0);
  return Promise.resolve({ document, selection: start, revealRange: () => undefined } as unknown as vscode.TextEditor);
}

function createTreeView<T>(id: string, options: vscode.TreeViewOptions<T>): vscode.TreeView<T> {
  const visibility = new EventEmitter<vscode.TreeViewVisibilityChangeEvent>();
  let visible = false;
  const view = {
    id,
    provider: options.treeDataProvider,
    get visible() {
      return visible;
    },
    setVisible(value: boolean) {
      visible = value;
      visibility.fire({ visible });
    },
    selection: [],
    onDidChangeVisibility: visibility.event,
    onDidExpandElement: new EventEmitter<vscode.TreeViewExpansionEvent<T>>().event,
    onDidCollapseElement: new EventEmitter<vscode.TreeViewExpansionEvent<T>>().event,
    onDidChangeSelection: new EventEmitter<vscode.TreeViewSelectionChangeEvent<T>>().event,
    onDidChangeCheckboxState: new EventEmitter<vscode.TreeCheckboxChangeEvent<T>>().event,
    reveal: () => Promise.resolve(),
    dispose: () => undefined,
  } satisfies vscode.TreeView<T> & Record<string, unknown>;
  currentEditor().treeViews.push(view);
  return view;
}

/** `vscode.window`, as far as the extension uses it. */
export const window = {
  showInformationMessage: message('information'),
  showWarningMessage: message('warning'),
  showErrorMessage: message('error'),
  showQuickPick,
  showInputBox,
  showOpenDialog,
  showTextDocument,
  createQuickPick: <T extends vscode.QuickPickItem>() => new StubQuickPick<T>(currentEditor().prompts),
  createInputBox: () => new StubInputBox(currentEditor().prompts),
  createOutputChannel,
  createTreeView,
  withProgress,
  registerFileDecorationProvider: () => new Disposable(() => undefined),
  get onDidChangeVisibleTextEditors() {
    return currentEditor().visibleChanges.event;
  },
  /** Every document that was shown stays on the screen. */
  get visibleTextEditors() {
    const { documents, shown } = currentEditor();
    return documents
      .filter(({ uri }) => shown.some((one) => one.toString() === uri.toString()))
      .map((document) => ({ document }) as unknown as vscode.TextEditor);
  },
  get activeTextEditor() {
    const { active } = currentEditor();
    return active === null ? undefined : ({ document: active } as unknown as vscode.TextEditor);
  },
} satisfies Pick<
  typeof vscode.window,
  | 'showInformationMessage'
  | 'showWarningMessage'
  | 'showErrorMessage'
  | 'showQuickPick'
  | 'showInputBox'
  | 'showOpenDialog'
  | 'createQuickPick'
  | 'createInputBox'
  | 'createOutputChannel'
  | 'createTreeView'
  | 'withProgress'
  | 'registerFileDecorationProvider'
  | 'onDidChangeVisibleTextEditors'
  | 'visibleTextEditors'
  | 'activeTextEditor'
> & { showTextDocument: unknown };
