import * as vscode from 'vscode';

/** What a step of a flow may ask with: titles count the steps, and *Back* leads to the one before. */
export interface FlowInput {
  pick<T extends vscode.QuickPickItem>(
    items: readonly T[],
    options: { readonly placeholder: string; readonly active?: T | undefined },
  ): Promise<T>;
  text(options: {
    readonly prompt: string;
    readonly value: string;
    readonly validate: (value: string) => Promise<string | null>;
  }): Promise<string>;
}

/** One question; what it finds out is merged into the answers. A step that asks nothing is passed over by *Back*. */
export type FlowStep<A> = (answers: A, ask: FlowInput) => Promise<Partial<A>>;

/**
 * Asks one question after the other, with a way back (spec architecture.md 4, row 14).
 *
 * @throws CancellationError
 */
export async function runFlow<A extends object>(title: string, start: A, steps: readonly FlowStep<A>[]): Promise<A> {
  /** Answers before each step that has asked something. */
  const asked: { readonly at: number; readonly answers: A }[] = [];
  let answers = start;
  for (let at = 0; at < steps.length;) {
    const input = new StepInput(`${title} (${at + 1}/${steps.length})`, asked.length > 0);
    try {
      const found = (await steps[at]?.(answers, input)) ?? {};
      if (input.hasAsked) asked.push({ at, answers });
      answers = { ...answers, ...found };
      at += 1;
    } catch (thrown) {
      const before = thrown instanceof GoBack ? asked.pop() : undefined;
      if (before === undefined) throw thrown;
      ({ at, answers } = before);
    }
  }
  return answers;
}

class GoBack extends Error {}

class StepInput implements FlowInput {
  hasAsked = false;

  constructor(
    private readonly title: string,
    private readonly canGoBack: boolean,
  ) {}

  async pick<T extends vscode.QuickPickItem>(
    items: readonly T[],
    options: { readonly placeholder: string; readonly active?: T | undefined },
  ): Promise<T> {
    this.hasAsked = true;
    const picker = vscode.window.createQuickPick<T>();
    picker.items = items;
    picker.placeholder = options.placeholder;
    picker.matchOnDescription = true;
    picker.matchOnDetail = true;
    if (options.active !== undefined) picker.activeItems = [options.active];
    return await this.ask(picker, (resolve) =>
      picker.onDidAccept(() => {
        const [item] = picker.selectedItems;
        if (item !== undefined) resolve(item);
      }),
    );
  }

  async text(options: Parameters<FlowInput['text']>[0]): Promise<string> {
    this.hasAsked = true;
    const box = vscode.window.createInputBox();
    box.prompt = options.prompt;
    box.value = options.value;
    let last = { value: options.value, problem: options.validate(options.value) };
    const problemOf = (value: string): Promise<string | null> => {
      if (last.value !== value) last = { value, problem: options.validate(value) };
      return last.problem;
    };
    box.onDidChangeValue(async (value) => {
      const problem = await problemOf(value);
      if (value === box.value) box.validationMessage = problem ?? '';
    });
    return await this.ask(box, (resolve) =>
      box.onDidAccept(async () => {
        const { value } = box;
        const problem = await problemOf(value);
        if (problem === null) resolve(value);
        else box.validationMessage = problem;
      }),
    );
  }

  private async ask<T>(
    input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
    answered: (resolve: (value: T) => void) => vscode.Disposable,
  ): Promise<T> {
    input.title = this.title;
    input.ignoreFocusOut = true;
    if (this.canGoBack) input.buttons = [vscode.QuickInputButtons.Back];
    try {
      return await new Promise<T>((resolve, reject) => {
        answered(resolve);
        input.onDidTriggerButton((button) => {
          if (button === vscode.QuickInputButtons.Back) reject(new GoBack());
        });
        input.onDidHide(() => reject(new vscode.CancellationError()));
        input.show();
      });
    } finally {
      input.dispose();
    }
  }
}
