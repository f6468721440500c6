// Runs of copy steps in a process of its own, for the campaigns that kill it and that start several at once.
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../server/src/core/problems/app-error';
import { runPipeline } from '../../client/src/host/pipeline/engine';
import { contextIn } from '../unit/pipeline/fixture-steps';
import { soakSteps } from './pipeline-steps';

/**
 * `loop`: runs all steps again and again, with another input each time, until it is killed. `hold`: runs once and holds
 * the recipe until `end`.
 */
export type Order = { readonly folder: string; readonly mode: 'loop' | 'hold'; readonly size: number } | 'end';

/** `begun`: the first run begins; `holding`: this process has the recipe; else how the run ended. */
export type Answer = 'begun' | 'holding' | 'done' | { readonly failed: string };

let endHold = (): void => undefined;

process.on('message', (order: Order) => {
  if (order === 'end') endHold();
  else if (order.mode === 'loop') void loop(order.folder, order.size);
  else void hold(order.folder);
});
process.on('disconnect', () => process.exit(0));

function answer(content: Answer): void {
  process.send?.(content);
}

async function loop(folder: string, size: number): Promise<void> {
  answer('begun');
  try {
    for (let turn = 0; ; turn += 1) {
      const input = path.join(folder, 'in.txt');
      await writeFile(`${input}.new`, `${turn} ${'x'.repeat(size)}`);
      await rename(`${input}.new`, input);
      const { error } = await runPipeline(soakSteps(), contextIn(folder), { force: turn % 3 === 2 });
      if (error !== null) throw error;
    }
  } catch (thrown) {
    answer({ failed: String(thrown) });
  }
}

async function hold(folder: string): Promise<void> {
  const [first] = soakSteps();
  if (first === undefined) return;
  const held = new Promise<void>((resolve) => {
    endHold = resolve;
  });
  const run = first.run.bind(first);
  first.run = async (...args) => {
    answer('holding');
    await held;
    return run(...args);
  };
  try {
    const { error } = await runPipeline([first], contextIn(folder), { force: true });
    answer(error === null ? 'done' : { failed: error.code });
  } catch (thrown) {
    answer({ failed: thrown instanceof AppError ? thrown.code : String(thrown) });
  }
}
