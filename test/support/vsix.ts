import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { openPromise } from 'yauzl';

/** The packages that are built and tested. */
export type Target = 'universal' | 'linux-x64';

/** The build of both packages, when their sources are newer, takes some ten seconds on a slow computer. */
export const PACKAGE_TIMEOUT_MS = 300_000;

let built: Promise<Readonly<Record<Target, string>>> | undefined;

/** Path of the package of a target in out/package; both are built anew where a source is newer. */
export async function vsixFile(target: Target): Promise<string> {
  built ??= buildStale();
  return (await built)[target];
}

async function buildStale(): Promise<Readonly<Record<Target, string>>> {
  const args = ['scripts/package.mjs', '--if-stale', '--target', 'universal', '--target', 'linux-x64'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [universal, linux] = stdout.trim().split('\n').slice(-2);
  if (universal === undefined || linux === undefined) throw new Error(`no packages were named:\n${stdout}`);
  return { universal, 'linux-x64': linux };
}

/** Every file of a package by its path in the zip. */
export async function readVsix(file: string): Promise<ReadonlyMap<string, Buffer>> {
  const zip = await openPromise(file);
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    if (!entry.fileName.endsWith('/')) files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)));
  }
  return files;
}

/** Writes the extension's own files of a package into a folder, as an editor does when it installs it. */
export async function unpackVsix(file: string, folder: string): Promise<void> {
  for (const [name, content] of await readVsix(file)) {
    if (!name.startsWith('extension/')) continue;
    const target = path.join(folder, name.slice('extension/'.length));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
    // Editors unpack without the executable bit where the zip has none.
    chmodSync(target, 0o644);
  }
}
