import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

/** Time for one thing to happen in a real editor on a slow, shared computer. Waits end with the event, not with it. */
export const DEADLINE_MS = 60_000;
/** An editor that was asked too early is asked again after so long without an answer. */
const ASK_AGAIN_MS = 5000;

/** A palette that has not shown a command by now was opened before the command was known. */
const PALETTE_MS = 3000;

const SCREENSHOTS = path.resolve('out/e2e/screenshots');

/** One window of the editor, as a person uses it. Every wait is for something that shows, with the context's deadline. */
export class EditorWindow {
  constructor(readonly page: Page) {}

  /** Until the workbench is drawn and knows what the extension contributes: its icon is there with its commands. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
    await this.activityIcon.waitFor();
  }

  /** The extension's icon in the activity bar. */
  private get activityIcon(): Locator {
    return this.page.locator('.activitybar .action-item a[aria-label^="MaixCAM"]');
  }

  /** Shows the extension's own view, and gives its rows. */
  async pipelineView(): Promise<Locator> {
    await this.activityIcon.click();
    return this.treeRows('Pipeline');
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** The list that drops from the top: palette, pick, input. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  get quickRows(): Locator {
    return this.quickInput.locator('.quick-input-list .monaco-list-row');
  }

  /** Opens the command palette with a text typed; its rows are `quickRows`. */
  async palette(text: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.quickInput.locator('.quick-input-box input');
    await input.waitFor();
    await input.fill(`>${text}`);
  }

  /**
   * Runs the command whose row has exactly this text, such as `MaixCAM: Doctor`. A palette lists what is known when it
   * opens, so in a window that still starts it is opened again.
   */
  async command(title: string): Promise<void> {
    const giveUp = Date.now() + DEADLINE_MS;
    const row = this.quickRow(title, '.focused');
    for (;;) {
      await this.palette(title);
      if (await appears(row)) return this.page.keyboard.press('Enter');
      if (Date.now() > giveUp) throw new Error(`The palette has no ${title}.`);
      await this.escape();
      await this.quickInput.waitFor({ state: 'hidden' });
    }
  }

  /**
   * Titles of the commands of this extension that the palette offers, once one of them is among them: a palette lists
   * what is known when it opens, and a new window learns late whether its folder is trusted.
   */
  async commandTitles(awaited: string): Promise<readonly string[]> {
    const giveUp = Date.now() + DEADLINE_MS;
    for (;;) {
      await this.palette('MaixCAM: ');
      await appears(this.quickRows.filter({ hasText: awaited }).first());
      const names = await this.quickRows.locator('.label-name').allInnerTexts();
      await this.escape();
      await this.quickInput.waitFor({ state: 'hidden' });
      const titles = names.filter((name) => name.startsWith('MaixCAM: ')).sort();
      if (titles.includes(awaited)) return titles;
      if (Date.now() > giveUp) throw new Error(`The palette has no ${awaited}, only ${titles.join(', ')}.`);
    }
  }

  /** The row of a quick pick with this label; `state` is one more selector of the row. */
  quickRow(label: string, state = ''): Locator {
    const name = this.page
      .locator('.quick-input-list-label .monaco-icon-name-container, .label-name')
      .getByText(label, { exact: true });
    return this.quickInput.locator(`.quick-input-list .monaco-list-row${state}`).filter({ has: name }).first();
  }

  /** Accepts the row with this label once the list stands on it; a click could meet another row of a list that changes. */
  private async acceptFocused(label: string): Promise<void> {
    await this.quickRow(label, '.focused').waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Clicks the row of the quick pick that is open, or is about to open. */
  async pick(label: string): Promise<void> {
    await this.quickRow(label).click();
  }

  /** Types into the input that is open, or is about to open, and accepts it. */
  async answer(text: string): Promise<void> {
    const input = this.quickInput.locator('.quick-input-box input');
    await input.waitFor();
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  async escape(): Promise<void> {
    await this.page.keyboard.press('Escape');
  }

  /** Opens a file of the computer by its full path. */
  async openFile(file: string): Promise<void> {
    await this.page.keyboard.press('Control+P');
    const input = this.quickInput.locator('.quick-input-box input');
    await input.waitFor();
    await input.fill(file);
    await this.acceptFocused(path.basename(file));
    await this.page
      .locator('.tab.active')
      .filter({ hasText: path.basename(file) })
      .waitFor();
    await this.page.locator('.editor-group-container.active .monaco-editor .view-line').first().waitFor();
  }

  /** Name of the active editor's language, as the status bar shows it. */
  get languageName(): Locator {
    return this.page.locator('#status\\.editor\\.mode');
  }

  /** Puts the cursor at a place, from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press('Control+G');
    await this.answer(`:${line}:${column}`);
    await this.page.getByText(`Ln ${line}, Col ${column}`, { exact: true }).waitFor();
  }

  /** Rows of the problems view (opened here) that its own filter leaves, files and problems. */
  async problems(filter: string): Promise<Locator> {
    await this.command('Problems: Focus on Problems View');
    const input = this.page.locator('.part.panel .viewpane-filter input');
    await input.fill(filter);
    return this.page.locator('.markers-panel-container .monaco-list-row');
  }

  /** Until the problems view, which shows the problems of this code, has none left. */
  async fixed(code: string): Promise<void> {
    const rows = this.page.locator('.markers-panel-container .monaco-list-row').filter({ hasText: code });
    await rows.first().waitFor({ state: 'detached' });
  }

  /** Back from a panel or a view into the active editor. */
  async focusEditor(): Promise<void> {
    await this.page.keyboard.press('Control+1');
    await this.page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
  }

  /**
   * Opens the list of quick fixes at the cursor; the rows have the titles. Asked before the editor has the problem's
   * place, it shows none and says so for a moment: then it is asked again.
   */
  async quickFixes(): Promise<Locator> {
    const rows = this.page.locator('.action-widget .monaco-list-row.action');
    const end = performance.now() + DEADLINE_MS;
    for (;;) {
      await this.page.keyboard.press('Control+.');
      const patience = performance.now() < end ? ASK_AGAIN_MS : 1;
      const found = await rows
        .first()
        .waitFor({ timeout: patience })
        .then(
          () => true,
          () => false,
        );
      if (found) return rows;
      if (patience === 1) throw new Error('The editor offers no quick fix here.');
    }
  }

  /** Applies a quick fix at the cursor by its title. */
  async quickFix(title: string | RegExp): Promise<void> {
    await (await this.quickFixes()).filter({ hasText: title }).first().click();
  }

  /** Saves the active editor, which has changes. */
  async save(): Promise<void> {
    await this.page.locator('.tab.active.dirty').waitFor();
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.active:not(.dirty)').waitFor();
  }

  /** Text of the active editor as drawn: the lines that are on the screen. */
  get lines(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor .view-line');
  }

  /** Code lenses of the active editor. */
  get lenses(): Locator {
    return this.page.locator('.editor-group-container.active .monaco-editor .codelens-decoration a');
  }

  /** Pop-ups at the lower right, newest first. */
  get notifications(): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item');
  }

  /** Rows of the view with this title in the side bar. */
  treeRows(view: string): Locator {
    return this.page.locator(`.pane:has(.pane-header[aria-label^="${view}"]) .monaco-list-row`);
  }

  /** Keeps a picture as out/e2e/screenshots/NAME.png. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const file = `${name.replace(/[^\p{L}\p{N}.-]+/gu, '-')}.png`;
    // Colours of a theme that has just changed, and what slides in, at their end.
    await this.page.screenshot({ path: path.join(SCREENSHOTS, file), animations: 'disabled' });
  }
}

/** Whether it shows in the time in which a palette lists what it knows. */
async function appears(row: Locator): Promise<boolean> {
  return row.waitFor({ timeout: PALETTE_MS }).then(
    () => true,
    () => false,
  );
}
