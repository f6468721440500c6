import * as vscode from 'vscode';

const SETTING = 'maixcam.trace.server';

/**
 * The channel `MaixCAM Server Trace`: made when the first message is written to it, that is, when the setting asks for
 * one. Its level follows the setting alone, because the client library wants both and few know the second.
 */
export class TraceChannel implements vscode.LogOutputChannel {
  readonly name = 'MaixCAM Server Trace';
  private readonly levels = new vscode.EventEmitter<vscode.LogLevel>();
  readonly onDidChangeLogLevel = this.levels.event;
  private readonly listener: vscode.Disposable;
  private made: vscode.OutputChannel | undefined;

  constructor() {
    this.listener = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SETTING)) this.levels.fire(this.logLevel);
    });
  }

  get logLevel(): vscode.LogLevel {
    const setting = vscode.workspace.getConfiguration().get<string>(SETTING, 'off');
    return setting === 'off' ? vscode.LogLevel.Off : vscode.LogLevel.Trace;
  }

  trace(message: string): void {
    this.appendLine(message);
  }

  debug(message: string): void {
    this.appendLine(message);
  }

  info(message: string): void {
    this.appendLine(message);
  }

  warn(message: string): void {
    this.appendLine(message);
  }

  error(message: string | Error): void {
    this.appendLine(message instanceof Error ? message.message : message);
  }

  append(value: string): void {
    this.channel.append(value);
  }

  appendLine(value: string): void {
    this.channel.appendLine(value);
  }

  replace(value: string): void {
    this.channel.replace(value);
  }

  clear(): void {
    this.made?.clear();
  }

  show(): void {
    this.channel.show(true);
  }

  hide(): void {
    this.made?.hide();
  }

  dispose(): void {
    this.listener.dispose();
    this.levels.dispose();
    this.made?.dispose();
  }

  private get channel(): vscode.OutputChannel {
    this.made ??= vscode.window.createOutputChannel(this.name);
    return this.made;
  }
}
