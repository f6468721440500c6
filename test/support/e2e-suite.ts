import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Editor, type EditorOptions } from './e2e-editor';
import type { EditorWindow } from './e2e-window';

/** What the flows of one suite share: an editor with one folder open. */
export interface Suite {
  readonly editor: Editor;
  readonly window: EditorWindow;
  /** The folder that is open; its name has a blank and non-ASCII characters, because people's folders have. */
  readonly folder: string;
  /** Full path of a file in it. */
  file(name: string): string;
}

/** A flow that hangs is ended; each wait in it has a shorter deadline of its own. */
const FLOW_MS = 240_000;

/**
 * Starts an editor for the suite it is called in and opens a window on a new folder with these files (path → content).
 * A flow that fails leaves pictures and logs in out/e2e.
 */
export function useEditor(files: Readonly<Record<string, string | Uint8Array>>, options: EditorOptions = {}): Suite {
  let folder = '';
  let editor: Editor | undefined;
  let window: EditorWindow | undefined;

  before(async function () {
    this.timeout(FLOW_MS);
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'maixcam tést 图 ')));
    writeFiles(folder, files);
    editor = await Editor.start(options);
    window = await editor.open({ folder });
  });
  beforeEach(function () {
    this.timeout(FLOW_MS);
  });
  afterEach(async function () {
    this.timeout(FLOW_MS);
    if (this.currentTest?.state !== 'failed') return;
    await editor?.keepEvidence(this.currentTest.fullTitle());
    // The next flow begins without what this one left open.
    for (let times = 0; times < 3; times += 1) await window?.escape();
  });
  after(async function () {
    this.timeout(FLOW_MS);
    await editor?.stop();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  return {
    get editor() {
      return editor ?? notStarted();
    },
    get window() {
      return window ?? notStarted();
    },
    get folder() {
      return folder;
    },
    file: (name) => path.join(folder, name),
  };
}

/** Writes files below a folder: path → content. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

function notStarted(): never {
  throw new Error('The editor runs during tests and hooks only.');
}
