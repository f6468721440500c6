// `npm run demo`: the main job on a fresh clone, with nothing installed but Node.js and Python (README, "Start").
//   npm run demo                    boxes
//   npm run demo -- --task pose     keypoints
import { existsSync } from 'node:fs';
import path from 'node:path';
import util from 'node:util';
import {
  buildProduct,
  folderFor,
  installPackages,
  maixcam,
  maixcamJson,
  requireNode,
  root,
  start,
  stop,
} from './lib/launch.mjs';
import { preflight } from './lib/preflight.mjs';

requireNode();
const { values: options } = util.parseArgs({ options: { task: { type: 'string', default: 'detect' } } });
if (!['detect', 'pose'].includes(options.task)) {
  console.error(`The demo knows the tasks detect and pose, not ${options.task}.`);
  process.exit(2);
}

const begun = Date.now();
const canConvert = process.platform === 'linux' && process.arch === 'x64';
const kinds = canConvert ? ['train', 'convert'] : ['train'];
await preflight(kinds);
await installPackages();
await buildProduct();
await prepareEnvironments(kinds);

const workspace = path.join(root, 'demo', options.task);
const name = options.task === 'detect' ? 'shapes' : `shapes-${options.task}`;
const recipe = path.join(workspace, `${name}.maixcam.yaml`);
if (!existsSync(recipe)) {
  const status = await maixcam(['new', '--task', options.task, '--board', 'maixcam', workspace]);
  if (status !== 0) process.exit(status);
}

if (!canConvert) {
  const status = await maixcam(['run', recipe, '--until', 'cut']);
  console.log(
    `\nTPU-MLIR runs natively on Linux x64 only, and this is ${process.platform} ${process.arch}: the demo ends with the\n` +
      'verified cut. To convert, run this clone on Linux x64 or in Docker: docker run -it -v .:/work ubuntu:22.04, then\n' +
      'install Node.js 20 and Python 3.10 there and run npm run demo.',
  );
  process.exit(status === 0 ? 3 : status);
}

const board = await startBoard();
let status;
try {
  console.log(`\nEmbedded board at ${board.address} (${board.fingerprint})\n`);
  status = await maixcam(['run', recipe, '--host', board.address, '--accept-new-host-key'], {
    // The demo's board gets another port on every run: its pinned keys are kept apart from those of real boards.
    env: { ...process.env, MAIXCAM_PASSWORD: board.password, MAIXCAM_CONFIG_DIR: folderFor('demo', 'config') },
  });
} finally {
  await board.stop();
}
const sheet = path.join(workspace, '.maixcam', name, 'compare/contact-sheet.png');
if (existsSync(sheet)) console.log(`\nContact sheet: ${path.relative(process.cwd(), sheet)}`);
console.log(`${status === 0 ? 'The model runs' : 'Not done'} (${Math.round((Date.now() - begun) / 1000)} s).`);
process.exit(status);

/** Makes the Python environments that are not there, once all are known to be possible. */
async function prepareEnvironments(kinds) {
  const { document } = maixcamJson(['env', 'list']);
  const ready = (kind) => document?.environments.some((one) => one.kind === kind && one.state === 'ready');
  const wanted = kinds.filter((kind) => !ready(kind));
  for (const kind of wanted) {
    const { status, document: answer } = maixcamJson(['env', 'create', kind, '--dry-run']);
    if (status !== 0) stop(`The demo cannot start. ${answer?.error.message ?? ''}\n${answer?.error.hint ?? ''}`);
  }
  for (const kind of wanted) {
    const status = await maixcam(['env', 'create', kind]);
    if (status !== 0) process.exit(status);
  }
}

/** The embedded board, with a tree that stays in demo/ so that a second run finds its files there. */
async function startBoard() {
  const tree = folderFor('demo', 'board');
  // Its stdin is a pipe from here: even where this launcher is killed, the board notices and ends.
  const { child, ended } = start(
    process.execPath,
    [
      path.join(root, 'dist/cli.js'),
      ...['simulate-board', '--kind', 'maixcam', '--root', tree, '--until-stdin-ends', '--json'],
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const document = await new Promise((resolve) => {
    let text = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk) => {
      text += chunk;
      try {
        resolve(JSON.parse(text));
      } catch {
        // The document is not whole yet.
      }
    });
    void ended.then(() => resolve(null));
  });
  if (document?.port === undefined) stop(`The embedded board did not start. ${document?.error.message ?? ''}`);
  return {
    address: `${document.host}:${document.port}`,
    fingerprint: document.fingerprint,
    password: document.password,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
