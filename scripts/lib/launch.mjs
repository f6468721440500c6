// Shared by the launchers. Node built-ins only: they run before `npm ci`.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { clearTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';

// Not import.meta.dirname: a Node without it must come as far as being told that it is too old.
export const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** package.json "engines": older Node lacks what the bundles use. */
const NODE_MINIMUM = [20, 19];

/** Exit status after Ctrl-C, SIGTERM or SIGHUP, as that of the terminal program. */
const CANCELLED = 4;
/** A child with a process group of its own gets this long to end before the group is killed. */
const GRACE_MS = 10_000;

/** Children that run → settles when the child has ended. */
const running = new Map();
let ending = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void endAfter(signal));

/** Passes the signal on to every child, waits for them, and ends. */
async function endAfter(signal) {
  ending = true;
  const children = [...running.keys()];
  for (const child of children) sendSignal(child, signal);
  const groups = children.filter((child) => child.ownGroup);
  setTimeout(() => groups.forEach((child) => sendSignal(child, 'SIGKILL')), GRACE_MS).unref();
  await Promise.all(running.values());
  process.exit(CANCELLED);
}

function sendSignal(child, signal) {
  try {
    if (child.ownGroup) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * Starts a program that gets the launcher's SIGINT, SIGTERM and SIGHUP too. `ended` gives its exit status (null after a
 * signal), signal and whether it timed out, and never settles once the launcher itself ends: nobody then goes on with the next step.
 * `options.timeoutMs` bounds it, and makes it the leader of a process group that ends as a whole.
 */
export function start(command, args, { timeoutMs, ...options } = {}) {
  const ownGroup = timeoutMs !== undefined && process.platform !== 'win32';
  const child = spawn(command, args, { stdio: 'inherit', detached: ownGroup, ...options });
  child.ownGroup = ownGroup;
  let timedOut = false;
  const timers = [];
  if (timeoutMs !== undefined) {
    const atLimit = () => {
      timedOut = true;
      sendSignal(child, 'SIGTERM');
    };
    timers.push(
      setTimeout(atLimit, timeoutMs),
      setTimeout(() => sendSignal(child, 'SIGKILL'), timeoutMs + GRACE_MS),
    );
  }
  const closed = new Promise((resolve) => {
    child.on('error', (error) => resolve({ status: null, signal: null, error }));
    child.on('close', (status, signal) => resolve({ status, signal }));
  }).then((end) => {
    timers.forEach(clearTimeout);
    running.delete(child);
    // What outlived the leader of an ended group goes with it.
    if (ownGroup && (timedOut || ending)) sendSignal(child, 'SIGKILL');
    return { ...end, timedOut };
  });
  running.set(child, closed);
  return { child, ended: closed.then((end) => (ending ? new Promise(() => undefined) : end)) };
}

/** Ends with a message and exit status 3 (a tool is missing). */
export function stop(message) {
  console.error(`\n${message}`);
  process.exit(3);
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_MINIMUM[0] || (major === NODE_MINIMUM[0] && minor >= NODE_MINIMUM[1])) return;
  stop(
    `Node.js ${process.versions.node} is too old: ${NODE_MINIMUM.join('.')} or newer is needed.\n` +
      'Get it from nodejs.org or with your version manager, then run this again.',
  );
}

/** Installs the node packages when they are missing or the lock file changed. */
export async function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const mark = path.join(root, 'node_modules/.maixcam-installed');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  console.log('Installing node packages (about 500 MB on disk) …');
  // onnxruntime-node's install script would download GPU libraries; the CPU library is inside the package.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const { status } = await start('npm', ['ci', '--no-progress', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
    shell: process.platform === 'win32',
  }).ended;
  if (status !== 0) {
    stop('The node packages could not be installed. Check that the npm registry can be reached, then run this again.');
  }
  writeFileSync(mark, lock);
}

/** Builds the product when a source is newer than it. */
export async function buildProduct() {
  const built = path.join(root, 'dist/cli.js');
  const newest = Math.max(
    ...['client', 'server', 'schemas', 'esbuild.mjs', 'package-lock.json'].map((name) =>
      newestTime(path.join(root, name)),
    ),
  );
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  await runNode(['esbuild.mjs'], 'The build failed.');
}

/** Runs a program of this clone with Node; where it fails, the launcher ends with `failure`. */
export async function runNode(args, failure) {
  const { status } = await start(process.execPath, args, { cwd: root }).ended;
  if (status === 0) return;
  console.error(failure);
  process.exit(1);
}

/** Runs the terminal program with the terminal's own streams; gives its exit status. */
export async function maixcam(args, options = {}) {
  const { status } = await start(process.execPath, [path.join(root, 'dist/cli.js'), ...args], options).ended;
  return status ?? 1;
}

/** The JSON document of a command that ends at once; null where it failed without one. */
export function maixcamJson(args, options = {}) {
  const run = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), ...args, '--json'], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    ...options,
  });
  try {
    return { status: run.status, document: JSON.parse(run.stdout) };
  } catch {
    return { status: run.status, document: null };
  }
}

export function folderFor(...parts) {
  const folder = path.join(root, ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Time of the last change (ms) of a file, or of anything in a folder. */
export function newestTime(file) {
  const found = statSync(file);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(file).map((name) => newestTime(path.join(file, name))));
}
