import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { commandLine, kill, processesWith } from './e2e-processes';
import { DEADLINE_MS, EditorWindow } from './e2e-window';
import { vsixFile } from './vsix';

export interface EditorOptions {
  /** A restricted window: the editor asks for trust, as it does for people. Default: every folder is trusted. */
  readonly restricted?: boolean;
  /** The packages to install; default: the one for this computer. */
  readonly vsix?: readonly string[];
  /** Added to the environment of the editor and so of the extension. */
  readonly env?: Readonly<Record<string, string>>;
  /** Added to the person's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly theme?: 'light' | 'dark';
}

/** What to open: nothing, a folder, or a `.code-workspace` file. */
export type Opened = { readonly folder: string } | { readonly workspace: string } | null;

interface Programs {
  readonly node: string;
  readonly entry: string;
}

interface Launcher {
  readonly findCodeServer: () => Programs | null;
  readonly findBrowser: () => string | null;
  readonly editorEnvironment: () => Record<string, string>;
  readonly freePort: () => Promise<number>;
}

const OUT = path.resolve('out/e2e');
const CHROMIUM_FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.startupPrompt': 'never',
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  // In a browser the editor saves by itself; on the desktop, and in these flows, a person does.
  'files.autoSave': 'off',
  'files.simpleDialog.enable': true,
  'window.confirmBeforeClose': 'never',
};

/** One code-server with a browser: opens windows, and ends everything that it and the extension started. */
export class Editor {
  private readonly windows: EditorWindow[] = [];

  private constructor(
    private readonly server: ChildProcess,
    private readonly browser: Browser,
    private readonly context: BrowserContext,
    private readonly port: number,
    private readonly mark: string,
    /** Folder with the person's settings, state and logs. */
    readonly data: string,
    private readonly said: () => string,
  ) {}

  /** Installs the package where this run has not yet, and starts the server and the browser. */
  static async start(options: EditorOptions = {}): Promise<Editor> {
    const launcher = (await import(pathToFileURL(path.resolve('scripts/lib/code-server.mjs')).href)) as Launcher;
    const programs = launcher.findCodeServer();
    const browserPath = launcher.findBrowser();
    if (programs === null || browserPath === null) throw new Error('The editor is not installed: npm test -- e2e');
    const extensions = installedExtensions(programs, launcher, options.vsix ?? [await vsixFile(bestTarget())]);

    const data = mkdtempSync(path.join(os.tmpdir(), 'maixcam-e2e-'));
    mkdirSync(path.join(data, 'User'));
    const theme = options.theme === 'light' ? 'Default Light Modern' : 'Default Dark Modern';
    const settings = { ...SETTINGS, 'workbench.colorTheme': theme, ...options.settings };
    writeFileSync(path.join(data, 'User', 'settings.json'), JSON.stringify(settings));

    const port = await launcher.freePort();
    const mark = `MAIXCAM_E2E=${path.basename(data)}`;
    const server = spawn(
      programs.node,
      [
        ...[programs.entry, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
        ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
        ...(options.restricted === true ? [] : ['--disable-workspace-trust']),
        ...['--user-data-dir', data, '--extensions-dir', extensions, '--ignore-last-opened'],
      ],
      {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...launcher.editorEnvironment(), ...options.env, MAIXCAM_E2E: path.basename(data) },
      },
    );
    const endAll = (): void => kill(processesWith(mark));
    process.once('exit', endAll);
    let text = '';
    const listening = new Promise<void>((resolve, reject) => {
      const note = (chunk: Buffer): void => {
        text = (text + chunk.toString('utf8')).slice(-20_000);
        if (text.includes('HTTP server listening')) resolve();
      };
      server.stdout.on('data', note);
      server.stderr.on('data', note);
      server.once('error', reject);
      server.once('exit', (status) => reject(new Error(`code-server ended with ${String(status)}:\n${text}`)));
    });
    try {
      const [browser] = await Promise.all([launchBrowser(browserPath), listening]);
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
      context.setDefaultTimeout(DEADLINE_MS);
      const editor = new Editor(server, browser, context, port, mark, data, () => text);
      process.off('exit', endAll);
      process.once('exit', editor.endProcesses);
      return editor;
    } catch (thrown) {
      endAll();
      throw thrown;
    }
  }

  /** Opens one more window, in a display language such as `zh-cn`, and waits until it is drawn. */
  async open(opened: Opened, locale?: string): Promise<EditorWindow> {
    const page = await this.context.newPage();
    if (locale !== undefined) {
      await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(locale)};`);
    }
    const query = new URLSearchParams(opened === null ? { ew: 'true' } : { ...opened });
    await page.goto(`http://127.0.0.1:${this.port}/?${query.toString()}`);
    const window = new EditorWindow(page);
    this.windows.push(window);
    await window.ready();
    return window;
  }

  /** Process ids of the extension hosts, one per window. */
  extensionHosts(): readonly number[] {
    return processesWith(this.mark).filter((pid) => commandLine(pid).includes('--type=extensionHost'));
  }

  /** Every process that the editor, the extension and what they started still run, with its command line. */
  processes(): readonly { readonly pid: number; readonly command: string }[] {
    return processesWith(this.mark).map((pid) => ({ pid, command: commandLine(pid) }));
  }

  /** Log files of the server and of the extension hosts: path below the log folder → text. */
  logs(): ReadonlyMap<string, string> {
    const folder = path.join(this.data, 'logs');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.log'));
    return new Map(files.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
  }

  /** The log channels of this extension: name → text. */
  extensionLogs(): ReadonlyMap<string, string> {
    return new Map([...this.logs()].filter(([name]) => name.includes('maixcam-workbench.maixcam-workbench')));
  }

  /** Keeps a picture of every window and the logs, for a test that failed. */
  async keepEvidence(name: string): Promise<void> {
    const open = this.windows.filter(({ page }) => !page.isClosed());
    for (const [index, window] of open.entries()) await window.screenshot(`failed ${name} ${index + 1}`);
    const folder = path.join(OUT, 'logs', fileName(name));
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'code-server.log'), this.said());
    for (const [file, text] of this.logs()) writeFileSync(path.join(folder, fileName(file)), text);
  }

  /** Ends the browser, the server and everything that was started below it; removes the data folder. */
  async stop(): Promise<void> {
    process.off('exit', this.endProcesses);
    await this.browser.close();
    const ended = new Promise((resolve) => this.server.once('close', resolve));
    this.endProcesses();
    if (this.server.exitCode === null && this.server.signalCode === null) await ended;
    rmSync(this.data, { recursive: true, force: true, maxRetries: 5 });
  }

  private readonly endProcesses = (): void => {
    // What is born while the list is read is found by the next look.
    for (let pids = processesWith(this.mark); pids.length > 0; pids = processesWith(this.mark)) kill(pids);
  };
}

/** A file name made of a test's title. */
export function fileName(title: string): string {
  return title.replace(/[^\p{L}\p{N}.-]+/gu, '-');
}

function bestTarget(): 'universal' | 'linux-x64' {
  return process.platform === 'linux' && process.arch === 'x64' ? 'linux-x64' : 'universal';
}

function launchBrowser(executablePath: string): Promise<Browser> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...sandbox] });
}

/** Test files are bundles of their own, so what they share for one run hangs on the process. */
const shared = process as typeof process & { maixcamE2eExtensions?: Map<string, string> };

/** The extensions folder with the packages installed by the editor's own command, once per run. */
function installedExtensions(programs: Programs, launcher: Launcher, vsix: readonly string[]): string {
  const known = (shared.maixcamE2eExtensions ??= new Map<string, string>());
  const key = vsix.join('\n');
  const found = known.get(key);
  if (found !== undefined) return found;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'maixcam-e2e-extensions-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const data = path.join(folder, 'data');
  const extensions = path.join(folder, 'extensions');
  const { status, stdout, stderr } = spawnSync(
    programs.node,
    [
      programs.entry,
      ...vsix.flatMap((file) => ['--install-extension', file]),
      ...['--extensions-dir', extensions, '--user-data-dir', data],
    ],
    { encoding: 'utf8', timeout: 2 * DEADLINE_MS, env: launcher.editorEnvironment() },
  );
  if (status !== 0 || !stdout.includes('was successfully installed')) {
    throw new Error(`The packages could not be installed:\n${stdout}\n${stderr}`);
  }
  known.set(key, extensions);
  return extensions;
}
