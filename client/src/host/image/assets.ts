import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';

/** Files that lie beside the bundle in `assets/`, and where the packages keep them when the code is not bundled. */
const ASSETS = {
  'index_bg.wasm': 'node_modules/@resvg/resvg-wasm/index_bg.wasm',
  'DejaVuSans.ttf': 'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
} as const;

/** The bytes of a file that belongs to the program. */
export async function readAsset(name: keyof typeof ASSETS): Promise<Uint8Array> {
  const bundled = typeof __dirname === 'undefined' ? null : path.join(__dirname, 'assets', name);
  const file = bundled !== null && existsSync(bundled) ? bundled : path.resolve(ASSETS[name]);
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AppError({
      code: 'PROGRAM_INCOMPLETE',
      message: `A file of the program is missing: ${name}. Pictures cannot be drawn without it.`,
      hint: 'Build or install the program again.',
      kind: 'missing-tool',
      cause,
    });
  }
}
