// `maixcam cut` against `onnx.utils.extract_model` on a YOLO11x of 228 MB: whole-process time and peak memory.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../../client/src/host/python/place';
import { terminalProgram } from '../support/bundles';
import { trainPythonPath } from '../support/train-python';

const PAIRS = 5;
const LEAST_RATIO = 10;
const MOST_MEGABYTES = 120;
const OUTPUTS = ['/model.23/dfl/conv/Conv_output_0', '/model.23/Sigmoid_output_0'];

const EXPORT = `
from ultralytics import YOLO
YOLO("yolo11x.yaml").export(format="onnx", imgsz=640, opset=17)
`;
/** Measured as a whole process, as ours is; the call alone, without Python's start and imports, is told beside it. */
const EXTRACT = `
import json, resource, sys, time
import onnx.utils
start = time.perf_counter()
onnx.utils.extract_model(sys.argv[1], sys.argv[2], ["images"], sys.argv[3:])
seconds = time.perf_counter() - start
print(json.dumps({"callSeconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
`;
const REPORT_MEMORY = `
process.on('exit', () => {
  require('node:fs').writeFileSync(process.env.BENCH_MEMORY, String(process.resourceUsage().maxRSS / 1024));
});
`;

interface Measurement {
  /** Of the whole process. */
  readonly seconds: number;
  readonly megabytes: number;
}

interface PythonMeasurement extends Measurement {
  readonly callSeconds: number;
}

const python = trainPythonPath();
if (!existsSync(python)) {
  console.warn(`cut: SKIPPED, no training environment at ${python}; \`maixcam env create train\` makes one`);
} else {
  process.exitCode = await measure();
}

async function measure(): Promise<number> {
  const folder = path.join(cacheFolder(), 'bench');
  const model = path.join(folder, 'yolo11x.onnx');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(model)) {
    console.log('Exporting yolo11x (once, about a minute) …');
    execFileSync(python, ['-c', EXPORT], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  const program = await terminalProgram();
  const work = mkdtempSync(path.join(folder, 'run-'));
  try {
    const ours: Measurement[] = [];
    const theirs: PythonMeasurement[] = [];
    // The first pair warms the page cache and is not counted.
    for (let pair = 0; pair <= PAIRS; pair += 1) {
      const extract = runExtract(work, model);
      settleDisk(work);
      const cut = runCut(work, model, program);
      settleDisk(work);
      if (pair === 0) continue;
      theirs.push(extract);
      ours.push(cut);
    }
    return report(ours, theirs);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What one side has written must not be flushed to the disk while the other one is measured. */
function settleDisk(work: string): void {
  for (const file of ['ours.onnx', 'theirs.onnx']) rmSync(path.join(work, file), { force: true });
  spawnSync('sync');
}

function runCut(work: string, model: string, program: string): Measurement {
  const preload = path.join(work, 'memory.cjs');
  const memory = path.join(work, 'memory.txt');
  writeFileSync(preload, REPORT_MEMORY);
  const start = performance.now();
  const args = ['--require', preload, program, 'cut', model, '-o', path.join(work, 'ours.onnx')];
  const run = spawnSync(process.execPath, [...args, '--outputs', OUTPUTS.join(',')], {
    env: { ...process.env, BENCH_MEMORY: memory },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const seconds = (performance.now() - start) / 1000;
  if (run.status !== 0) throw new Error(run.stderr.toString());
  return { seconds, megabytes: Number(readFileSync(memory, 'utf8')) };
}

function runExtract(work: string, model: string): PythonMeasurement {
  const start = performance.now();
  const args = ['-c', EXTRACT, model, path.join(work, 'theirs.onnx'), ...OUTPUTS];
  const answer = execFileSync(python, args, { encoding: 'utf8' });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, ...(JSON.parse(answer) as Omit<PythonMeasurement, 'seconds'>) };
}

function report(ours: readonly Measurement[], theirs: readonly PythonMeasurement[]): number {
  console.log('\ncut of yolo11x, 228 MB     seconds (each run)                 median   peak MB');
  const line = (name: string, runs: readonly Measurement[]): void => {
    const each = runs.map((run) => run.seconds.toFixed(2)).join('  ');
    const peak = Math.max(...runs.map((run) => run.megabytes)).toFixed(0);
    console.log(`${name.padEnd(25)}  ${each.padEnd(32)}  ${median(runs).toFixed(2).padStart(6)}  ${peak.padStart(8)}`);
  };
  const calls = theirs.map((run) => ({ ...run, seconds: run.callSeconds }));
  line('maixcam cut', ours);
  line('extract_model', theirs);
  line('  of that, the call alone', calls);
  const ratio = median(theirs) / median(ours);
  const peak = Math.max(...ours.map((run) => run.megabytes));
  console.log(
    `${ratio.toFixed(1)} × faster (wanted: ${LEAST_RATIO}); peak ${peak.toFixed(0)} MB (limit: ${MOST_MEGABYTES})`,
  );
  return ratio >= LEAST_RATIO && peak < MOST_MEGABYTES ? 0 : 1;
}

function median(runs: readonly Measurement[]): number {
  const sorted = runs.map((run) => run.seconds).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
