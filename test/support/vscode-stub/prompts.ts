import type * as vscode from 'vscode';

/** A question that the extension has asked, as a person would see it. */
export interface Prompt {
  readonly kind: 'pick' | 'text' | 'open' | 'information' | 'warning' | 'error';
  readonly title: string;
  /** Message, placeholder or prompt. */
  readonly text: string;
  /** Labels of the items, or titles of the buttons. */
  readonly choices: readonly string[];
  readonly items: readonly vscode.QuickPickItem[];
  readonly value: string;
  readonly password: boolean;
  readonly modal: boolean;
  readonly detail: string;
  /** What was found wrong with answers to this question. */
  readonly refusals: string[];
}

/** What a person does. Labels and titles match as a whole or by a pattern. */
export type Answer =
  | { readonly do: 'choose'; readonly which: readonly (string | RegExp)[] }
  | { readonly do: 'button'; readonly which: string | RegExp; readonly button: number }
  | { readonly do: 'type'; readonly text: string }
  | { readonly do: 'open'; readonly path: string }
  | { readonly do: 'dismiss' }
  | { readonly do: 'back' };

/** Chooses an item of a list or a button of a message. */
export const choose = (...which: readonly (string | RegExp)[]): Answer => ({ do: 'choose', which });
/** Presses a button that belongs to an item of a list. */
export const pressButton = (which: string | RegExp, button = 0): Answer => ({ do: 'button', which, button });
export const type = (text: string): Answer => ({ do: 'type', text });
/** Chooses a file or folder in a dialog. */
export const open = (path: string): Answer => ({ do: 'open', path });
export const dismiss: Answer = { do: 'dismiss' };
export const back: Answer = { do: 'back' };

/**
 * Answers questions from a queue. A question without an answer is an error of the test, except for a message, which a
 * person may leave alone.
 */
export class Prompts {
  /** Every question and message so far. */
  readonly seen: Prompt[] = [];
  /** Why the extension was told something that no person could have answered. */
  readonly unexpected: string[] = [];
  private readonly queue: Answer[] = [];
  private readonly waiting: {
    readonly matches: (prompt: Prompt) => boolean;
    readonly found: (prompt: Prompt) => void;
  }[] = [];

  answer(...answers: readonly Answer[]): void {
    this.queue.push(...answers);
  }

  /** Answers that no question has taken. */
  get left(): number {
    return this.queue.length;
  }

  /** Messages of a severity, in order. */
  messages(kind: 'information' | 'warning' | 'error'): readonly Prompt[] {
    return this.seen.filter((prompt) => prompt.kind === kind);
  }

  /** The first question, past or future, for which `matches` is true. */
  async until(matches: (prompt: Prompt) => boolean): Promise<Prompt> {
    const past = this.seen.find(matches);
    if (past !== undefined) return past;
    return await new Promise((found) => this.waiting.push({ matches, found }));
  }

  show(prompt: Partial<Prompt> & Pick<Prompt, 'kind'>): Prompt {
    const shown: Prompt = {
      title: '',
      text: '',
      choices: [],
      items: [],
      value: '',
      password: false,
      modal: false,
      detail: '',
      refusals: [],
      ...prompt,
    };
    this.seen.push(shown);
    for (const waiting of [...this.waiting]) if (waiting.matches(shown)) waiting.found(shown);
    return shown;
  }

  next(prompt: Prompt): Answer {
    const isMessage = prompt.kind === 'information' || prompt.kind === 'warning' || prompt.kind === 'error';
    const [answer] = this.queue;
    // A message has buttons of its own: an answer for a later question is not taken by it.
    if (isMessage && !prompt.modal && (answer?.do !== 'choose' || labelsOf(prompt, answer).length === 0))
      return dismiss;
    if (answer === undefined) throw this.failure(`nobody answers: ${prompt.kind} "${prompt.title}" "${prompt.text}"`);
    this.queue.shift();
    return answer;
  }

  /** The labels of a question that an answer chooses. */
  chosen(prompt: Prompt, answer: Answer): readonly string[] {
    if (answer.do !== 'choose') throw this.failure(`${answer.do} is no answer to ${prompt.kind} "${prompt.title}"`);
    const labels = labelsOf(prompt, answer);
    if (labels.length === 0) {
      throw this.failure(
        `${String(answer.which)} is not among ${prompt.choices.join(' | ')} ("${prompt.title}" "${prompt.text}")`,
      );
    }
    return labels;
  }

  /** Notes what no person could have answered; the caller throws it. */
  failure(message: string): Error {
    this.unexpected.push(message);
    return new Error(message);
  }
}

function labelsOf(prompt: Prompt, answer: { readonly which: readonly (string | RegExp)[] }): readonly string[] {
  const matches = (label: string, which: string | RegExp): boolean =>
    typeof which === 'string' ? label === which : which.test(label);
  return answer.which.flatMap((which) => prompt.choices.filter((label) => matches(label, which)).slice(0, 1));
}
