// The conversion step against the three bare commands, time spent in our training callbacks, and an up-to-date run.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { findEnvironment } from '../../client/src/host/python/environments';
import { cacheFolder } from '../../client/src/host/python/place';
import { environmentVariables } from '../../client/src/host/python/variables';
import { maixcam, type CliEnd } from '../support/cli';
import { median } from '../support/median';

const PAIRS = 3;
const MOST_CONVERSION_RATIO = 1.05;
const MOST_CALLBACK_SHARE = 0.01;
const MOST_UP_TO_DATE_SECONDS = 1;
const PICTURES = 20;

interface Step {
  readonly name: string;
  readonly seconds: number;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly commands: readonly { readonly program: string; readonly args: readonly string[] }[];
}

const train = await findEnvironment('train');
const convert = await findEnvironment('convert');
if (train === null || convert === null) {
  console.warn('pipeline: SKIPPED, the environments are not there; `npm run demo` makes them');
} else {
  mkdirSync(path.join(cacheFolder(), 'bench'), { recursive: true });
  const folder = mkdtempSync(path.join(cacheFolder(), 'bench', 'pipeline-'));
  try {
    const misses = [await conversion(folder), await training(folder), await upToDate(folder)];
    process.exitCode = misses.includes(true) ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function conversion(folder: string): Promise<boolean> {
  const work = path.join(folder, 'convert');
  await must(['new', work]);
  const recipe = path.join(work, 'shapes.maixcam.yaml');
  writeFileSync(
    path.join(work, 'trained.onnx'),
    gunzipSync(readFileSync('test/fixtures/onnx/trained/shapes-yolov8-detect.onnx.gz')),
  );
  writeFileSync(
    recipe,
    `board: maixcam\ndataset: data.yaml\nonnx: trained.onnx\nconvert: { calibration: { pictures: ${PICTURES}, folder: images/train } }\n`,
  );
  await must(['run', recipe, '--until', 'cut']);
  const plans = stepsOf(await must(['run', recipe, '--until', 'convert', '--dry-run']));
  const commands = plans.find((step) => step.name === 'convert')?.commands ?? [];
  const results = path.join(work, '.maixcam', 'shapes');

  const ratios: number[] = [];
  const rows: string[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const bare = bareCommands(commands, path.join(folder, `bare-${pair}`), work, results);
    rmSync(path.join(results, 'convert'), { recursive: true, force: true });
    const step = stepsOf(await must(['convert', recipe])).find(({ name }) => name === 'convert');
    const ours = step?.seconds ?? Number.NaN;
    ratios.push(ours / bare);
    rows.push(
      `  pair ${pair + 1}: bare ${bare.toFixed(2)} s, step ${ours.toFixed(2)} s, ratio ${(ours / bare).toFixed(3)}`,
    );
  }
  const ratio = median(ratios);
  console.log(`conversion step / three bare commands (limit ${MOST_CONVERSION_RATIO})\n${rows.join('\n')}`);
  console.log(`  median ratio ${ratio.toFixed(3)}`);
  return !(ratio <= MOST_CONVERSION_RATIO);
}

/** The same commands on the same files, started one after the other; seconds. */
function bareCommands(commands: Step['commands'], folder: string, workspace: string, results: string): number {
  mkdirSync(path.join(folder, 'calibration'), { recursive: true });
  cpSync(path.join(results, 'cut', 'shapes.onnx'), path.join(folder, 'shapes.onnx'));
  for (let index = 0; index < PICTURES; index += 1) {
    const name = `${String(index + 1).padStart(3, '0')}.png`;
    const target = `${String(index).padStart(4, '0')}.png`;
    cpSync(path.join(workspace, 'images', 'train', name), path.join(folder, 'calibration', target));
  }
  if (convert === null) return Number.NaN;
  const begun = performance.now();
  for (const { program, args } of commands) {
    const run = spawnSync(program, args, { cwd: folder, env: environmentVariables(convert), stdio: 'ignore' });
    if (run.status !== 0) throw new Error(`${program} failed with ${run.status}`);
  }
  const seconds = (performance.now() - begun) / 1000;
  if (!existsSync(path.join(folder, 'shapes_int8.cvimodel'))) throw new Error('the bare commands made no model');
  return seconds;
}

async function training(folder: string): Promise<boolean> {
  const work = path.join(folder, 'train');
  await must(['new', work]);
  const recipe = path.join(work, 'shapes.maixcam.yaml');
  writeFileSync(recipe, readFileSync(recipe, 'utf8').replace(/epochs: \d+/, 'epochs: 2'));
  const step = stepsOf(await must(['train', recipe])).find(({ name }) => name === 'train');
  const callbacks = Number(step?.summary.callbackSeconds);
  const total = Number(step?.summary.totalSeconds);
  const share = callbacks / total;
  console.log(`time in our training callbacks (limit ${MOST_CALLBACK_SHARE * 100} % of the run)`);
  console.log(`  ${(callbacks * 1000).toFixed(1)} ms of ${total.toFixed(1)} s: ${(share * 100).toFixed(3)} %`);
  return !(share < MOST_CALLBACK_SHARE);
}

async function upToDate(folder: string): Promise<boolean> {
  const recipe = path.join(folder, 'convert', 'shapes.maixcam.yaml');
  await must(['run', recipe, '--until', 'convert']);
  const seconds: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const begun = performance.now();
    await must(['run', recipe, '--until', 'convert']);
    seconds.push((performance.now() - begun) / 1000);
  }
  console.log(`an up-to-date run, whole process (limit ${MOST_UP_TO_DATE_SECONDS} s)`);
  console.log(`  ${seconds.map((value) => value.toFixed(2)).join(', ')} s, median ${median(seconds).toFixed(2)} s`);
  return !(median(seconds) <= MOST_UP_TO_DATE_SECONDS);
}

async function must(args: readonly string[]): Promise<CliEnd> {
  const end = await maixcam([...args, '--json']);
  if (end.status !== 0) throw new Error(`maixcam ${args.join(' ')} failed:\n${end.stdout}\n${end.stderr}`);
  return end;
}

function stepsOf(end: CliEnd): readonly Step[] {
  return (end.json?.steps ?? []) as readonly Step[];
}
