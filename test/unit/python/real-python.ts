import { realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { discoverInterpreter, isUsable } from '../../../client/src/host/python/discover';
import { childEnvironment } from '../../../client/src/host/process/environment';
import { runProcess } from '../../../client/src/host/process/run';

/** Some real Python 3 of this machine, as its own binary (a pyenv shim would answer by its name). */
export async function realPython(): Promise<{ path: string; version: string }> {
  const { chosen, seen } = await discoverInterpreter({ env: process.env, wanted: [[3, 11]] });
  const found = chosen ?? seen.find(isUsable);
  if (found === undefined || !('version' in found)) throw new Error('these tests need a Python 3 on PATH');
  const asked = await runProcess({
    command: found.path,
    args: ['-c', 'import sys; print(sys.executable)'],
    cwd: '/',
    env: childEnvironment(process.env),
  });
  return { path: realpathSync(asked.tail.trim()), version: found.version };
}

/** Writes an executable shell script. */
export function writeProgram(folder: string, name: string, script: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}
