import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Context } from 'mocha';
import { createEnvironment } from '../../client/src/host/python/create';
import { cacheFolder, interpreterOf } from '../../client/src/host/python/place';
import { AppError } from '../../server/src/core/problems/app-error';

/** Making both environments on a slow line. */
export const ENVIRONMENTS_MS = 30 * 60_000;

/** Where the interpreter of the managed training environment is, or would be. */
export function trainPythonPath(): string {
  return interpreterOf(path.join(cacheFolder(), 'train'));
}

/**
 * The interpreter of the managed training environment, which has `onnx` and `onnxruntime`. Where it was not created,
 * the test is skipped and says so.
 */
export function trainPython(test: Context): string {
  const python = trainPythonPath();
  if (existsSync(python)) return python;
  console.warn(`    SKIPPED: no training environment at ${python}; \`maixcam env create train\` makes one`);
  test.skip();
}

/**
 * Makes the managed environments of training and conversion where they are not there yet: minutes, and downloads.
 * Where this system cannot have them, the suite is skipped and says so.
 */
export async function requireTools(suite: Context): Promise<void> {
  for (const kind of ['train', 'convert'] as const) {
    if (existsSync(interpreterOf(path.join(cacheFolder(), kind)))) continue;
    try {
      await createEnvironment(kind);
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.kind !== 'missing-tool') throw thrown;
      console.warn(`    SKIPPED: ${thrown.message} ${thrown.hint}`);
      suite.skip();
    }
  }
}
