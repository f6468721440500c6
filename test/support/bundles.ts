import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

/** Inside the clone, so that the bundles find their native packages; one folder for each test process. */
const FOLDER = path.resolve('node_modules', '.cache', 'test-bundles', String(process.pid));

process.on('exit', () => rmSync(FOLDER, { recursive: true, force: true }));

const built = new Map<string, Promise<string>>();

/** The engine's child program, bundled as it is in the product. */
export function engineChild(): Promise<string> {
  return bundle('client/src/host/engine/child.ts', path.join(FOLDER, 'engine-child.js'));
}

/** The terminal program, bundled beside its engine child; returns the path of `cli.js`. */
export async function terminalProgram(): Promise<string> {
  await engineChild();
  return bundle('client/src/cli/main.ts', path.join(FOLDER, 'cli.js'));
}

/** A program of the tests' own, to be started as a process; returns its path. */
export function testProgram(source: string): Promise<string> {
  return bundle(source, path.join(FOLDER, `${path.basename(source, '.ts')}.js`));
}

/** A bundle of any entry point in a place of the caller's. */
export async function bundle(entry: string, outfile: string): Promise<string> {
  const known = built.get(outfile);
  if (known !== undefined) return known;
  mkdirSync(path.dirname(outfile), { recursive: true });
  const building = build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['onnxruntime-node', 'onnxruntime-web', 'cpu-features', './crypto/build/Release/sshcrypto.node'],
    logLevel: 'error',
  }).then(() => outfile);
  built.set(outfile, building);
  return building;
}
