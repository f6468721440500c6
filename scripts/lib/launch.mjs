// Shared by the launchers. Node built-ins only: they run before `npm ci`.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** package.json "engines": older Node lacks what the bundles use. */
const NODE_MINIMUM = [20, 19];

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
export function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const mark = path.join(root, 'node_modules/.maixcam-installed');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  console.log('Installing node packages (about 500 MB on disk) …');
  // onnxruntime-node's install script would download GPU libraries; the CPU library is inside the package.
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const run = spawnSync('npm', ['ci', '--no-progress', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) {
    stop('The node packages could not be installed. Check that the npm registry can be reached, then run this again.');
  }
  writeFileSync(mark, lock);
}

/** Builds the product when a source is newer than it. */
export function buildProduct() {
  const built = path.join(root, 'dist/cli.js');
  const newest = Math.max(
    ...['client', 'server', 'schemas', 'esbuild.mjs', 'package-lock.json'].map((name) =>
      newestTime(path.join(root, name)),
    ),
  );
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  runNode(['esbuild.mjs'], 'The build failed.');
}

export function runNode(args, failure, options = {}) {
  const run = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', ...options });
  if (run.status !== 0) {
    console.error(failure);
    process.exit(1);
  }
}

/** Runs the terminal program with the terminal's own streams; Ctrl-C reaches it and is waited for. */
export function maixcam(args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'dist/cli.js'), ...args], { stdio: 'inherit', ...options });
    const ignore = () => undefined;
    process.on('SIGINT', ignore);
    child.on('error', reject);
    child.on('close', (code) => {
      process.off('SIGINT', ignore);
      resolve(code ?? 1);
    });
  });
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

function newestTime(file) {
  const found = statSync(file);
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(found.mtimeMs, ...readdirSync(file).map((name) => newestTime(path.join(file, name))));
}
