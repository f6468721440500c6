import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Context } from 'mocha';
import { cacheFolder, interpreterOf } from '../../client/src/host/python/place';

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
 * Skips a suite, and says so, where the managed environments of training and conversion were not created: making them
 * takes minutes and downloads.
 */
export function requireTools(suite: Context): void {
  for (const kind of ['train', 'convert']) {
    const python = interpreterOf(path.join(cacheFolder(), kind));
    if (existsSync(python)) continue;
    console.warn(`    SKIPPED: no environment at ${python}; \`maixcam env create ${kind}\` makes one`);
    suite.skip();
  }
}
