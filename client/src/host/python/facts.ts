import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { runProcess } from '../process/run';
import type { EnvironmentFacts } from './kinds/kind';
import { ownPrograms } from './place';
import { cancelledError } from './uv';
import { environmentVariables } from './variables';

/**
 * Runs `environment_facts.py` in an environment: packages, and whether the named trials work.
 *
 * @throws AppError `ENV_NOT_PYTHON` (missing-tool) where the interpreter does not answer.
 */
export async function askFacts(
  python: string,
  trials: readonly string[],
  options: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly signal?: AbortSignal | undefined;
    readonly logFile?: string | undefined;
  },
): Promise<EnvironmentFacts> {
  const folder = path.dirname(path.dirname(python));
  const lines: string[] = [];
  const result = await runProcess({
    command: python,
    args: [path.join(ownPrograms(), 'environment_facts.py'), ...trials],
    cwd: path.dirname(python),
    env: environmentVariables({ folder, python }, options.env),
    signal: options.signal,
    logFile: options.logFile,
    onLine: (line) => {
      if (line.stream === 'stdout' && line.text.startsWith('{')) lines.push(line.text);
    },
  });
  if (result.cancelled) throw cancelledError();
  const last = lines.at(-1);
  if (result.exitCode === 0 && last !== undefined) return JSON.parse(last) as EnvironmentFacts;
  throw new AppError({
    code: 'ENV_NOT_PYTHON',
    message: `${python} did not tell what is installed in it: ${result.tail.trimEnd().split('\n').at(-1) ?? 'no output'}`,
    hint: 'Check that it is the interpreter of a working environment.',
    kind: 'missing-tool',
  });
}
