import type * as vscode from 'vscode';
import type { Answer, Prompt, Prompts } from './prompts';
import { EventEmitter, QuickInputButtons, QuickPickItemKind } from './values';

/** What lists and boxes of the editor have in common; they are answered from the queue when they are shown. */
abstract class QuickInput {
  title: string | undefined;
  step: number | undefined;
  totalSteps: number | undefined;
  enabled = true;
  busy = false;
  ignoreFocusOut = false;
  buttons: readonly vscode.QuickInputButton[] = [];
  placeholder: string | undefined;
  prompt: string | undefined;
  value = '';
  protected readonly accepts = new EventEmitter<void>();
  protected readonly hides = new EventEmitter<void>();
  protected readonly values = new EventEmitter<string>();
  protected readonly presses = new EventEmitter<vscode.QuickInputButton>();
  readonly onDidAccept = this.accepts.event;
  readonly onDidHide = this.hides.event;
  readonly onDidChangeValue = this.values.event;
  readonly onDidTriggerButton = this.presses.event;
  private gone = false;

  constructor(protected readonly prompts: Prompts) {}

  show(): void {
    // A person answers later than the call returns.
    setImmediate(() => this.ask());
  }

  hide(): void {
    if (this.gone) return;
    this.gone = true;
    this.hides.fire();
  }

  dispose(): void {
    this.gone = true;
  }

  protected get isOpen(): boolean {
    return !this.gone;
  }

  protected abstract describe(): Prompt;
  protected abstract take(prompt: Prompt, answer: Answer): void;

  private ask(): void {
    if (this.gone) return;
    const prompt = this.describe();
    try {
      const answer = this.prompts.next(prompt);
      if (answer.do === 'dismiss') this.hide();
      else if (answer.do === 'back') {
        const canGoBack = this.buttons.includes(QuickInputButtons.Back);
        if (canGoBack) this.presses.fire(QuickInputButtons.Back);
        else throw this.prompts.failure(`there is no way back in "${prompt.title}"`);
      } else this.take(prompt, answer);
    } catch {
      // The test sees it in `unexpected`; the extension goes on as after Escape.
      this.hide();
    }
  }

  /** Asks the same question again, after an answer was refused. */
  protected again(): void {
    setImmediate(() => this.ask());
  }
}

export class StubQuickPick<T extends vscode.QuickPickItem> extends QuickInput {
  items: readonly T[] = [];
  activeItems: readonly T[] = [];
  selectedItems: readonly T[] = [];
  canSelectMany = false;
  matchOnDescription = false;
  matchOnDetail = false;
  keepScrollPosition = false;
  private readonly itemPresses = new EventEmitter<vscode.QuickPickItemButtonEvent<T>>();
  readonly onDidTriggerItemButton = this.itemPresses.event;
  readonly onDidChangeActive = new EventEmitter<readonly T[]>().event;
  readonly onDidChangeSelection = new EventEmitter<readonly T[]>().event;

  protected describe(): Prompt {
    return this.prompts.show(promptOfItems(this.title, this.placeholder, this.items));
  }

  protected take(prompt: Prompt, answer: Answer): void {
    const choosing: Answer = answer.do === 'button' ? { do: 'choose', which: [answer.which] } : answer;
    const labels = this.prompts.chosen(prompt, choosing);
    const items = this.items.filter((item) => isChoice(item) && labels.includes(item.label));
    const [item] = items;
    if (answer.do === 'button' && item !== undefined) {
      const button = item.buttons?.[answer.button];
      if (button === undefined) throw this.prompts.failure(`"${item.label}" has no button ${answer.button}`);
      this.itemPresses.fire({ item, button });
      return;
    }
    this.selectedItems = items;
    this.accepts.fire();
  }
}

export class StubInputBox extends QuickInput {
  password = false;
  valueSelection: readonly [number, number] | undefined;
  private refusal: string | vscode.InputBoxValidationMessage | undefined;
  private accepted: Prompt | null = null;

  get validationMessage(): string | vscode.InputBoxValidationMessage | undefined {
    return this.refusal;
  }

  set validationMessage(value: string | vscode.InputBoxValidationMessage | undefined) {
    this.refusal = value;
    const text = typeof value === 'string' ? value : (value?.message ?? '');
    if (text === '' || this.accepted === null || !this.isOpen) return;
    this.accepted.refusals.push(text);
    this.accepted = null;
    this.again();
  }

  protected describe(): Prompt {
    const { title = '', prompt = '', value, password } = this;
    return this.prompts.show({ kind: 'text', title, text: prompt, value, password });
  }

  protected take(prompt: Prompt, answer: Answer): void {
    if (answer.do !== 'type') throw this.prompts.failure(`${answer.do} is no answer to "${prompt.title}"`);
    this.value = answer.text;
    this.values.fire(this.value);
    this.accepted = prompt;
    this.accepts.fire();
  }
}

/** A list as a question. */
export function promptOfItems(
  title: string | undefined,
  placeholder: string | undefined,
  items: readonly vscode.QuickPickItem[],
): Partial<Prompt> & Pick<Prompt, 'kind'> {
  const choices = items.filter(isChoice).map((item) => item.label);
  return { kind: 'pick', title: title ?? '', text: placeholder ?? '', choices, items };
}

export function isChoice(item: vscode.QuickPickItem): boolean {
  return item.kind !== QuickPickItemKind.Separator;
}
