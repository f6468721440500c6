import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { readJobRecord } from '../../client/src/domain/jobs/read-record';
import type { JobRecord } from '../../client/src/domain/jobs/job-record';
import { kill } from './e2e-processes';
import type { EditorWindow } from './e2e-window';
import { processesMentioning } from './processes';

/** For a training or a conversion of a small model on a slow, shared computer. */
export const TOOL_MS = 180_000;

/** The pipeline view of a window. Rows are told by what a screen reader says of them: title, state, text. */
export class PipelinePanel {
  constructor(readonly window: EditorWindow) {}

  /** Shows the view, where it is not shown yet: a second press on its icon would hide it. */
  async show(): Promise<void> {
    await this.window.command('MaixCAM: Focus on Pipeline View');
  }

  /** A step's row in a state, e.g. `row('Train', 'running')`; any state without one. */
  row(title: string, state = ''): Locator {
    return this.window.treeRows('Pipeline').and(this.window.page.locator(`[aria-label^="${title}, ${state}"]`));
  }

  recipe(name: string): Locator {
    return this.window.treeRows('Pipeline').and(this.window.page.locator(`[aria-label^="${name}.maixcam.yaml"]`));
  }

  /** Clicks a button that shows at the right of a row while the pointer is over it. */
  async press(row: Locator, button: string): Promise<void> {
    await row.hover();
    await row.locator(`.actions a.action-label[aria-label="${button}"]`).click();
  }

  /** Texts of all rows as a screen reader says them. */
  async texts(): Promise<readonly string[]> {
    const rows = await this.window.treeRows('Pipeline').all();
    return await Promise.all(rows.map(async (row) => (await row.getAttribute('aria-label')) ?? ''));
  }
}

/** A message at the lower right with this text. */
export function message(window: EditorWindow, text: string | RegExp): Locator {
  return window.notifications.filter({ hasText: text }).first();
}

/** The message that tells the end of a run; one that tells a failure instead ends the wait. */
export async function endOf(window: EditorWindow, text: string | RegExp): Promise<Locator> {
  const end = message(window, text);
  const failure = window.notifications.filter({ has: window.page.locator('.codicon-error') }).first();
  await end.or(failure).first().waitFor({ timeout: TOOL_MS });
  if (!(await end.isVisible())) assert.fail(`the run failed: ${await failure.innerText()}`);
  return end;
}

/** Presses a button of a message. */
export async function pressIn(notification: Locator, button: string): Promise<void> {
  await notification.locator('.monaco-button').getByText(button, { exact: true }).click();
}

/** A dialog in the middle of the window, over everything else. */
export function dialog(window: EditorWindow): Locator {
  return window.page.locator('.monaco-dialog-box');
}

/** Setting of the person in suites that keep pictures: the window takes the theme of the computer. */
export const THEME_OF_COMPUTER = { 'window.autoDetectColorScheme': true };

/** Keeps a picture of the window in the light and in the dark theme (with `THEME_OF_COMPUTER`). */
export async function pictures(window: EditorWindow, name: string): Promise<void> {
  for (const [theme, css] of [
    ['light', 'vs'],
    ['dark', 'vs-dark'],
  ] as const) {
    await window.page.emulateMedia({ colorScheme: theme });
    await window.page.locator(`.monaco-workbench.${css}`).waitFor();
    await window.screenshot(`${name} ${theme}`);
  }
}

/** Records of all runs of a recipe, the oldest first. */
export function jobsOf(folder: string, recipe: string): readonly JobRecord[] {
  const jobs = path.join(folder, '.maixcam', recipe, 'jobs');
  if (!existsSync(jobs)) return [];
  return readdirSync(jobs)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => readJobRecord(readFileSync(path.join(jobs, name), 'utf8')))
    .filter((record) => record !== null);
}

/** Nothing of a run that has ended is left: no process, no half-made folder, no lock, no wish. */
export function assertNothingLeft(folder: string, recipe: string): void {
  const results = path.join(folder, '.maixcam', recipe);
  const names = existsSync(results) ? readdirSync(results, { recursive: true, encoding: 'utf8' }) : [];
  const left = names.filter((name) => /(^|\/)\.work-|\.old$|\.lock$|\.part$|\.cancel$|\.tmp$/.test(name));
  assert.deepEqual(left, [], 'something half-made was left');
  assert.deepEqual(toolsOf(folder), [], 'a process was left');
}

/** Processes that work on a folder: runs of the terminal program and the tools that they have started. */
export function toolsOf(folder: string): readonly number[] {
  return processesMentioning(folder).filter((pid) => !/--type=|server-main|bootstrap-fork/.test(commandOf(pid)));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Ends a process at once, as a crash does. */
export function crash(pid: number): void {
  kill([pid]);
}
