import * as vscode from 'vscode';
import type { StatusParams } from '../../../../server/src/protocol/methods';
import { OWN_LANGUAGES } from './served-documents';

/** Shows the server's log; not in the palette. */
export const SHOW_SERVER_LOG = 'maixcam.showServerLog';
const RESTART = 'maixcam.restartServer';

/** Work that ends sooner is not shown: the mark would only flicker. */
const BUSY_AFTER_MS = 400;

/** State of the language server in the editor's language status (the braces in the status bar). */
export class StatusItem {
  private readonly item: vscode.LanguageStatusItem;
  private busySoon: NodeJS.Timeout | undefined;

  constructor() {
    this.item = vscode.languages.createLanguageStatusItem(
      'maixcam.server',
      OWN_LANGUAGES.map((language) => ({ language })),
    );
    this.item.name = vscode.l10n.t('MaixCAM Language Server');
    this.starting();
  }

  starting(): void {
    this.show(vscode.l10n.t('MaixCAM: starting'), vscode.LanguageStatusSeverity.Information, true);
    this.item.command = { title: vscode.l10n.t('Show Log'), command: SHOW_SERVER_LOG };
  }

  /** What the server says about itself. */
  running({ state }: Pick<StatusParams, 'state'>): void {
    clearTimeout(this.busySoon);
    if (state === 'busy') {
      this.busySoon = setTimeout(() => {
        this.show(vscode.l10n.t('MaixCAM: checking'), vscode.LanguageStatusSeverity.Information, true);
      }, BUSY_AFTER_MS);
      return;
    }
    this.show(vscode.l10n.t('MaixCAM: ready'), vscode.LanguageStatusSeverity.Information, false);
    this.item.command = { title: vscode.l10n.t('Show Log'), command: SHOW_SERVER_LOG };
  }

  /** @param reason why, in a few words */
  stopped(reason: string): void {
    this.show(vscode.l10n.t('MaixCAM: stopped'), vscode.LanguageStatusSeverity.Error, false);
    this.item.detail = reason;
    this.item.command = { title: vscode.l10n.t('Restart'), command: RESTART };
  }

  dispose(): void {
    clearTimeout(this.busySoon);
    this.item.dispose();
  }

  private show(text: string, severity: vscode.LanguageStatusSeverity, busy: boolean): void {
    clearTimeout(this.busySoon);
    this.item.text = text;
    this.item.detail = vscode.l10n.t('Problems, completion and hovers in MUD files, datasets and recipes');
    this.item.severity = severity;
    this.item.busy = busy;
  }
}
