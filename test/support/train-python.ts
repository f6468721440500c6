import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Context } from 'mocha';
import { cacheFolder, interpreterOf } from '../../client/src/host/python/place';

/**
 * The interpreter of the managed training environment, which has `onnx` and `onnxruntime`. Where it was not created,
 * the test is skipped and says so.
 */
export function trainPython(test: Context): string {
  const python = interpreterOf(path.join(cacheFolder(), 'train'));
  if (existsSync(python)) return python;
  console.warn(`    SKIPPED: no training environment at ${python}; \`maixcam env create train\` makes one`);
  test.skip();
}
