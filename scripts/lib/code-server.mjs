// A real VS Code for the end-to-end tests: code-server (VS Code 1.139.1) with the Node that it needs, installed once into
// the cache folder. Node built-ins only. Spec toolchain.md 6.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { start } from './launch.mjs';
import { cacheFolder } from './preflight.mjs';
import { installSystemPackages } from './system-packages.mjs';

const VERSIONS = { 'code-server': '4.139.1', node: '24.21.0' };
const MARK = 'maixcam-code-server.json';

/** Modules of the editor's server that are compiled on this computer, and must load. */
const NATIVE_MODULES = [
  'node-pty',
  '@vscode/spdlog',
  '@parcel/watcher',
  'kerberos',
  '@vscode/native-watchdog',
  '@vscode/sqlite3',
];

const MINUTE = 60_000;
const INSTALL_MS = 20 * MINUTE;
const CHECK_MS = 2 * MINUTE;

/** The programs of an installation: its Node and the file that it starts. */
function programs(folder) {
  return {
    node: path.join(folder, 'node_modules', nodePackage(), 'bin', 'node'),
    entry: path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  };
}

/** The npm package that is nothing but Node's own files, so that no install script has to run. */
function nodePackage() {
  return `node-linux-${process.arch}`;
}

function installFolder() {
  return path.join(cacheFolder(), 'code-server');
}

/** The installed editor `{ node, entry }`, or null where there is none that was checked. */
export function findCodeServer() {
  const folder = installFolder();
  try {
    const mark = JSON.parse(readFileSync(path.join(folder, MARK), 'utf8'));
    const isRight = Object.entries(VERSIONS).every(([name, version]) => mark[name] === version);
    const found = programs(folder);
    return isRight && Object.values(found).every((file) => existsSync(file)) ? found : null;
  } catch {
    return null;
  }
}

/** The reason why this computer cannot have it, or null. */
export function codeServerImpossible() {
  if (process.platform !== 'linux')
    return `code-server is installed here for Linux only, and this is ${process.platform}`;
  if (!['x64', 'arm64'].includes(process.arch)) return `there is no Node ${VERSIONS.node} package for ${process.arch}`;
  return null;
}

/**
 * Installs it where it is missing (about 4 minutes and 0.8 GB), checks that it starts, and gives `{ node, entry }`.
 * An installation counts once its check has passed; a second installer waits for the first.
 *
 * @throws Error with the reason where it cannot be installed.
 */
export async function installCodeServer() {
  const impossible = codeServerImpossible();
  if (impossible !== null) throw new Error(impossible);
  const found = findCodeServer();
  if (found !== null) return found;
  const folder = installFolder();
  mkdirSync(path.dirname(folder), { recursive: true });
  const unlock = await lock(`${folder}.lock`);
  try {
    return findCodeServer() ?? (await adopt(folder)) ?? (await install(folder));
  } finally {
    unlock();
  }
}

/** Names of Chromium and its relatives; MAIXCAM_CHROMIUM names another program. */
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of the browser that the editor is used in, or null. */
export function findBrowser() {
  const chosen = process.env.MAIXCAM_CHROMIUM;
  if (chosen) return existsSync(chosen) ? chosen : null;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const places = BROWSERS.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return places.find((file) => existsSync(file)) ?? null;
}

/** Makes the end-to-end ring ready: editor and browser. Returns the reason where that is impossible, else undefined. */
export async function prepareEditor() {
  const chosen = process.env.MAIXCAM_CHROMIUM;
  if (chosen && !existsSync(chosen)) return `MAIXCAM_CHROMIUM is ${chosen}, and there is no such file`;
  if (findBrowser() === null) installSystemPackages(['browser']);
  if (findBrowser() === null) return 'no Chromium was found; install it, or name one in MAIXCAM_CHROMIUM';
  try {
    if (findCodeServer() === null && codeServerImpossible() === null) installSystemPackages(['editor build']);
    await installCodeServer();
  } catch (thrown) {
    return `code-server could not be installed: ${thrown.message}`;
  }
  return undefined;
}

/** Takes what lies there without a mark when it passes the check; removes it when it does not. */
async function adopt(folder) {
  if (!existsSync(folder)) return null;
  try {
    await check(folder);
    mark(folder);
    return programs(folder);
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return null;
  }
}

async function install(folder) {
  const begun = Date.now();
  console.log(`Installing code-server ${VERSIONS['code-server']} into ${folder} (about 4 minutes, 0.8 GB) …`);
  const part = mkdtempSync(`${folder}.part-`);
  const removePart = () => rmSync(part, { recursive: true, force: true });
  process.once('exit', removePart);
  try {
    const dependencies = { 'code-server': VERSIONS['code-server'], [nodePackage()]: VERSIONS.node };
    writeFileSync(path.join(part, 'package.json'), JSON.stringify({ name: 'editor', private: true, dependencies }));
    await npm(part, part, ['--ignore-scripts']);
    // Its own install script does the same with less said: the server's modules are compiled, the extensions' are not.
    const server = path.join(part, 'node_modules', 'code-server', 'lib', 'vscode');
    await npm(part, server, ['--omit=dev']);
    await npm(part, path.join(server, 'extensions'), ['--omit=dev', '--ignore-scripts']);
    await check(part);
    mark(part);
    renameSync(part, folder);
  } finally {
    process.off('exit', removePart);
    removePart();
  }
  console.log(`Installed and checked in ${((Date.now() - begun) / 1000).toFixed(0)} s.`);
  return programs(folder);
}

/** `npm install` under the editor's own Node, whose headers lie beside it. */
async function npm(part, cwd, options) {
  const home = path.join(part, 'node_modules', nodePackage());
  const env = { ...process.env, npm_config_nodedir: home };
  const bin = path.join(home, 'bin');
  if (existsSync(bin)) env.PATH = `${bin}${path.delimiter}${env.PATH}`;
  // Of the npm run that may have started this; it would change what is installed where.
  for (const name of ['npm_config_ignore_scripts', 'npm_config_prefix', 'npm_config_local_prefix', 'INIT_CWD'])
    delete env[name];
  const args = ['install', ...options, '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const { child, ended } = start('npm', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeoutMs: INSTALL_MS });
  const said = collect(child);
  const { status, error, timedOut } = await ended;
  if (status === 0) return;
  const reason = error?.message ?? (timedOut ? 'it took too long' : said().trim().split('\n').slice(-12).join('\n'));
  throw new Error(
    `npm ${args.slice(0, 2).join(' ')} in ${path.relative(part, cwd) || 'the new folder'} failed:\n${reason}`,
  );
}

function mark(folder) {
  writeFileSync(path.join(folder, MARK), `${JSON.stringify(VERSIONS, null, 2)}\n`);
}

/** Loads what was compiled, and starts the editor until it answers. */
async function check(folder) {
  const { node, entry } = programs(folder);
  const vscode = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  const { version } = JSON.parse(readFileSync(path.join(vscode, '..', '..', 'package.json'), 'utf8'));
  if (version !== VERSIONS['code-server']) throw new Error(`it is code-server ${version}`);
  const code = NATIVE_MODULES.map((name) => `require(${JSON.stringify(name)});`).join('');
  const load = spawnSync(node, ['-e', `if (process.versions.node !== '${VERSIONS.node}') process.exit(9); ${code}`], {
    cwd: vscode,
    encoding: 'utf8',
    timeout: CHECK_MS,
  });
  if (load.status !== 0) throw new Error(`its compiled modules do not load: ${load.stderr ?? load.error?.message}`);
  await checkStart(node, entry);
}

async function checkStart(node, entry) {
  const data = mkdtempSync(path.join(os.tmpdir(), 'maixcam-code-server-'));
  const port = await freePort();
  const args = [entry, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry'];
  args.push('--disable-update-check', '--user-data-dir', data, '--extensions-dir', path.join(data, 'extensions'));
  // A session of its own: the editor has children, and none of them may stay.
  const child = spawn(node, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: editorEnvironment() });
  const said = collect(child);
  const ended = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('close', resolve);
  });
  const endGroup = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  process.once('exit', endGroup);
  try {
    const deadline = Date.now() + CHECK_MS;
    while (!(await answers(`http://127.0.0.1:${port}/`))) {
      if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
        throw new Error(`it does not start:\n${said()}`);
      }
      await pause(200);
    }
  } finally {
    process.off('exit', endGroup);
    endGroup();
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

/** This environment without what another VS Code around it left there: code-server would hand itself over to that. */
export function editorEnvironment() {
  const isForeign = (name) =>
    /^(VSCODE_|CODE_SERVER_|ELECTRON_)/.test(name) || ['PORT', 'PASSWORD', 'NODE_OPTIONS'].includes(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign(name)));
}

async function answers(url) {
  try {
    const response = await globalThis.fetch(url);
    return response.ok && (await response.text()).includes('vscode-workbench');
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The end of what a child writes. */
function collect(child) {
  let text = '';
  const note = (chunk) => {
    text = (text + chunk.toString('utf8')).slice(-8000);
  };
  child.stdout.on('data', note);
  child.stderr.on('data', note);
  return () => text;
}

/** Waits for the folder's lock, a folder with its holder's process id; one of a process that ended is taken over. */
async function lock(folder) {
  let told = false;
  for (;;) {
    try {
      mkdirSync(folder);
      writeFileSync(path.join(folder, 'pid'), String(process.pid));
      const unlock = () => rmSync(folder, { recursive: true, force: true });
      process.once('exit', unlock);
      return () => {
        process.off('exit', unlock);
        unlock();
      };
    } catch (thrown) {
      if (thrown.code !== 'EEXIST') throw thrown;
      if (!holderLives(folder)) {
        rmSync(folder, { recursive: true, force: true });
        continue;
      }
      if (!told) console.log('Another run is installing code-server; waiting for it …');
      told = true;
      await pause(1000);
    }
  }
}

function holderLives(folder) {
  let pid;
  try {
    pid = Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
  } catch {
    return true; // Made a moment ago, or being removed.
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown.code === 'EPERM';
  }
}
