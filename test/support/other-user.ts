import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { bundle } from './bundles';

/** The user `nobody` on Linux: tests may run as root, whom no permission stops. */
export const OTHER_USER = 65_534;

export interface ProgramRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whether this process can run another one under the other user's id. */
export function canSwitchUser(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0;
}

/**
 * Runs the terminal program as somebody without rights, from a bundle that lies in `folder` (the clone may be where
 * that user cannot look).
 */
export async function runAsOtherUser(folder: string, args: readonly string[]): Promise<ProgramRun> {
  chmodSync(folder, 0o755);
  const program = await bundle('client/src/cli/main.ts', path.join(folder, 'program', 'cli.js'));
  const run = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    uid: OTHER_USER,
    gid: OTHER_USER,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '' },
  });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}
