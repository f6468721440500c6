import type * as vscode from 'vscode';
import { URI, Utils } from 'vscode-uri';

/*
 * Plain values of the `vscode` module, as far as the extension uses them; `implements Pick<…>` and `satisfies` hold them
 * to the real declarations.
 */

/** The editor's own implementation of addresses, published as a package. */
export const Uri = Object.assign(URI, { joinPath: Utils.joinPath.bind(Utils) });

export class Disposable implements vscode.Disposable {
  static from(...parts: { dispose(): unknown }[]): vscode.Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose();
    });
  }

  constructor(private readonly onDispose: () => unknown) {}

  dispose(): void {
    this.onDispose();
  }
}

export class EventEmitter<T> implements vscode.EventEmitter<T> {
  private readonly listeners = new Set<(event: T) => unknown>();

  readonly event: vscode.Event<T> = (listener, thisArgument, disposables) => {
    const bound = (event: T): unknown => listener.call(thisArgument, event) as unknown;
    this.listeners.add(bound);
    const registration = new Disposable(() => this.listeners.delete(bound));
    disposables?.push(registration);
    return registration;
  };

  get hasListeners(): boolean {
    return this.listeners.size > 0;
  }

  fire(event: T): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  dispose(): void {
    this.listeners.clear();
  }
}

export class CancellationError extends Error implements vscode.CancellationError {
  constructor() {
    super('Canceled');
    this.name = 'Canceled';
  }
}

export class CancellationTokenSource implements vscode.CancellationTokenSource {
  private readonly requests = new EventEmitter<unknown>();
  private requested = false;
  readonly token: vscode.CancellationToken;

  constructor() {
    const isRequested = (): boolean => this.requested;
    this.token = {
      get isCancellationRequested() {
        return isRequested();
      },
      onCancellationRequested: this.requests.event,
    };
  }

  cancel(): void {
    this.requested = true;
    this.requests.fire(undefined);
  }

  dispose(): void {
    this.requests.dispose();
  }
}

export class Position implements Pick<vscode.Position, 'line' | 'character' | 'isEqual'> {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}

  isEqual(other: Pick<vscode.Position, 'line' | 'character'>): boolean {
    return other.line === this.line && other.character === this.character;
  }
}

type Point = Pick<vscode.Position, 'line' | 'character'>;

export class Range {
  readonly start: Position;
  readonly end: Position;

  constructor(start: Point | number, end: Point | number, endLine?: number, endCharacter?: number) {
    if (typeof start === 'number' || typeof end === 'number') {
      this.start = new Position(start as number, end as number);
      this.end = new Position(endLine ?? 0, endCharacter ?? 0);
    } else {
      this.start = new Position(start.line, start.character);
      this.end = new Position(end.line, end.character);
    }
  }

  get isEmpty(): boolean {
    return this.start.isEqual(this.end);
  }
}

export class Selection extends Range {
  get active(): Position {
    return this.end;
  }
}

export class ThemeIcon implements vscode.ThemeIcon {
  static readonly File = new ThemeIcon('file');
  static readonly Folder = new ThemeIcon('folder');

  constructor(
    readonly id: string,
    readonly color?: vscode.ThemeColor,
  ) {}
}

export class ThemeColor implements vscode.ThemeColor {
  constructor(readonly id: string) {}
}

export class FileDecoration implements vscode.FileDecoration {
  badge?: string;
  tooltip?: string;
  color?: vscode.ThemeColor;
  propagate?: boolean;

  constructor(badge?: string, tooltip?: string, color?: vscode.ThemeColor) {
    if (badge !== undefined) this.badge = badge;
    if (tooltip !== undefined) this.tooltip = tooltip;
    if (color !== undefined) this.color = color;
  }
}

export class MarkdownString implements vscode.MarkdownString {
  isTrusted?: boolean;
  supportThemeIcons?: boolean;
  supportHtml?: boolean;
  baseUri?: vscode.Uri;

  constructor(public value = '') {}

  /** Escapes what Markdown would read, as the editor does. */
  appendText(value: string): this {
    this.value += value.replace(/[\\`*_{}[\]()#+\-!~]/g, '\\$&').replace(/\n/g, '\n\n');
    return this;
  }

  appendMarkdown(value: string): this {
    this.value += value;
    return this;
  }

  appendCodeblock(value: string, language = ''): this {
    this.value += `\n\`\`\`${language}\n${value}\n\`\`\`\n`;
    return this;
  }
}

export class TreeItem implements vscode.TreeItem {
  id?: string;
  label?: string | vscode.TreeItemLabel;
  resourceUri?: vscode.Uri;
  description?: string | boolean;
  tooltip?: string | vscode.MarkdownString;
  iconPath?: vscode.IconPath;
  contextValue?: string;
  command?: vscode.Command;
  accessibilityInformation?: vscode.AccessibilityInformation;

  constructor(
    labelOrUri: string | vscode.TreeItemLabel | vscode.Uri,
    public collapsibleState: vscode.TreeItemCollapsibleState = 0,
  ) {
    if (labelOrUri instanceof URI) this.resourceUri = labelOrUri;
    else this.label = labelOrUri as string | vscode.TreeItemLabel;
  }
}

export class ProcessExecution {
  args: string[];
  options?: vscode.ProcessExecutionOptions;

  constructor(
    public process: string,
    argumentsOrOptions: string[] | vscode.ProcessExecutionOptions = [],
    options?: vscode.ProcessExecutionOptions,
  ) {
    this.args = Array.isArray(argumentsOrOptions) ? argumentsOrOptions : [];
    const given = Array.isArray(argumentsOrOptions) ? options : argumentsOrOptions;
    if (given !== undefined) this.options = given;
  }
}

export class TaskGroup {
  static readonly Build = new TaskGroup('build', 'Build');

  constructor(
    readonly id: string,
    readonly label: string,
  ) {}
}

export class Task {
  group?: vscode.TaskGroup;
  detail?: string;
  presentationOptions: vscode.TaskPresentationOptions = {};
  isBackground = false;

  constructor(
    public definition: vscode.TaskDefinition,
    readonly scope: vscode.WorkspaceFolder | vscode.TaskScope,
    public name: string,
    public source: string,
    public execution?: ProcessExecution,
    public problemMatchers: string | string[] = [],
  ) {}
}

export class WorkspaceEdit {
  private readonly edits: { readonly uri: vscode.Uri; readonly range: Range; readonly text: string }[] = [];

  replace(uri: vscode.Uri, range: Range, text: string): void {
    this.edits.push({ uri, range, text });
  }

  /** For the stub's `applyEdit`. */
  all(): readonly { readonly uri: vscode.Uri; readonly range: Range; readonly text: string }[] {
    return this.edits;
  }
}

export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 } as const satisfies Record<
  keyof typeof vscode.ProgressLocation,
  number
>;
export const QuickPickItemKind = { Separator: -1, Default: 0 } as const satisfies Record<
  keyof typeof vscode.QuickPickItemKind,
  number
>;
export const QuickInputButtons = { Back: { iconPath: new ThemeIcon('arrow-left') } } satisfies Pick<
  typeof vscode.QuickInputButtons,
  'Back'
>;
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 } as const satisfies Record<
  keyof typeof vscode.TreeItemCollapsibleState,
  number
>;
export const TaskScope = { Global: 1, Workspace: 2 } as const satisfies Record<keyof typeof vscode.TaskScope, number>;
export const TaskRevealKind = { Always: 1, Silent: 2, Never: 3 } as const satisfies Record<
  keyof typeof vscode.TaskRevealKind,
  number
>;
export const TaskPanelKind = { Shared: 1, Dedicated: 2, New: 3 } as const satisfies Record<
  keyof typeof vscode.TaskPanelKind,
  number
>;
export const TextEditorRevealType = {
  Default: 0,
  InCenter: 1,
  InCenterIfOutsideViewport: 2,
  AtTop: 3,
} as const satisfies Record<keyof typeof vscode.TextEditorRevealType, number>;
export const LanguageStatusSeverity = { Information: 0, Warning: 1, Error: 2 } as const satisfies Record<
  keyof typeof vscode.LanguageStatusSeverity,
  number
>;
export const LogLevel = { Off: 0, Trace: 1, Debug: 2, Info: 3, Warning: 4, Error: 5 } as const satisfies Record<
  keyof typeof vscode.LogLevel,
  number
>;
export const UIKind = { Desktop: 1, Web: 2 } as const satisfies Record<keyof typeof vscode.UIKind, number>;
export const EndOfLine = { LF: 1, CRLF: 2 } as const satisfies Record<keyof typeof vscode.EndOfLine, number>;
