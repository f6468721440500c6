// Stands in the terminal program's place: called as it is, it runs a recipe of two steps, the second of which works with
// a tool of its own until the file `go` appears beside the recipe.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../server/src/core/problems/app-error';
import { currentJob } from '../../../client/src/host/jobs/current-job';
import { startJob } from '../../../client/src/host/jobs/start-job';
import { runPipeline } from '../../../client/src/host/pipeline/engine';
import { childEnvironment } from '../../../client/src/host/process/environment';
import { runProcess } from '../../../client/src/host/process/run';
import { contextIn, copyStep, type CopyStep } from '../pipeline/fixture-steps';

const [mode, ...rest] = process.argv.slice(process.argv.indexOf('--progress') + 2);
const recipe = rest.at(-1) ?? '';
const folder = path.dirname(recipe);
const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort());

/** Ends with the file `go`; says its process id first. */
const TOOL = `const fs = require('fs'); fs.writeFileSync('tool.pid', String(process.pid));
setInterval(() => fs.existsSync('go') && process.exit(0), 20);`;

function toolStep(): CopyStep {
  const step = copyStep('train', { step: 'check' });
  const run = step.run.bind(step);
  step.run = async (context, plan, work) => {
    for (let epoch = 1; epoch <= 500; epoch += 1) {
      context.progress.report({ step: 'train', fraction: epoch / 500, message: `epoch ${epoch} of 500` });
    }
    await runProcess({
      command: process.execPath,
      args: ['-e', TOOL],
      cwd: folder,
      env: childEnvironment(process.env),
      signal: context.signal,
      graceMs: 200,
      logFile: context.logFile,
    });
    context.signal.throwIfAborted();
    return run(context, plan, work);
  };
  return step;
}

function print(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document)}\n`);
}

function fail(error: AppError, more: object = {}): void {
  const { code, message, hint, kind } = error;
  print({ ...more, error: { code, message, hint } });
  process.exitCode = { problem: 1, usage: 2, 'missing-tool': 3, cancelled: 4 }[kind];
}

async function work(): Promise<void> {
  switch (mode) {
    case 'run': {
      const steps = [copyStep('check', { file: 'in.txt' }), toolStep()];
      const { steps: results, error } = await runPipeline(steps, contextIn(folder, abort.signal));
      if (error === null) print({ steps: results });
      else fail(error, { steps: results });
      return;
    }
    case 'look':
      print(await currentJob(recipe));
      return;
    case 'variables':
      print(process.env);
      return;
    case 'window': {
      // What an editor's window does; it never ends by itself.
      const program = { node: process.execPath, cli: process.argv[1] ?? '', nodeEnv: {} };
      const { pid } = await startJob({ program, recipe, args: ['run', recipe], env: process.env });
      await writeFile(path.join(folder, 'window.txt'), String(pid));
      setInterval(() => undefined, 1000);
      return;
    }
    case 'progress':
      for (const fraction of [0, 0.5, 1])
        process.stderr.write(`${JSON.stringify({ step: 'env', fraction, message: 'unpacking', stage: 'x' })}\n`);
      process.stderr.write(`${JSON.stringify({ say: 'Almost there.' })}\nWarning: not JSON\n`);
      print({ answer: 'züri 图', long: 'x'.repeat(3 << 20) });
      return;
    case 'wait':
      setInterval(() => undefined, 1000);
      abort.signal.addEventListener('abort', () => {
        fail(new AppError({ code: 'CANCELLED', message: 'Cancelled.', hint: 'Again.', kind: 'cancelled' }));
        process.exit();
      });
      process.stderr.write(`${JSON.stringify({ step: 'wait', fraction: null, message: 'waiting' })}\n`);
      return;
    case 'fail':
      fail(new AppError({ code: 'ENV_MISSING', message: 'Not there.', hint: 'Make it.', kind: 'missing-tool' }));
      return;
    case 'problems':
      print({ problems: 3 });
      process.exitCode = 1;
      return;
    default:
      throw new Error(`something unexpected: ${mode ?? ''}`);
  }
}

void work().catch((thrown: unknown) => {
  if (thrown instanceof AppError) fail(thrown);
  else {
    process.stderr.write(`${String(thrown)}\n`);
    process.exitCode = 70;
  }
});
