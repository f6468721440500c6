import { AppError } from '../../../../server/src/core/problems/app-error';
import { formatBytes } from '../../../../server/src/core/text/bytes';
import { createEnvironment, planCreation, type CreationPlan } from '../../host/python/create';
import { kindNamed, listEnvironments, removeEnvironment, type EnvironmentReport } from '../../host/python/environments';
import { ExitCode, type CommandResult } from '../result';
import type { CommandContext } from '../runtime';
import { formatTable, wrap } from '../table';

export interface EnvFlags {
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly python?: string;
}

/** Lists, creates or removes environments; the result is the list afterwards. */
export async function manageEnvironments(
  context: CommandContext,
  action: string,
  name: string | undefined,
  options: EnvFlags,
): Promise<CommandResult> {
  const { env, signal } = context;
  switch (action) {
    case 'list':
      break;
    case 'create': {
      const kind = kindNamed(name ?? missingName(action)).name;
      const wanted = { env, signal, force: options.force, pythonSetting: options.python };
      if (options.dryRun === true) {
        const plan = await planCreation(kind, wanted);
        return presentPlan(plan, await listEnvironments({ env, signal }));
      }
      await createEnvironment(kind, { ...wanted, progress: context.progress, say: context.say });
      break;
    }
    case 'remove': {
      const kind = kindNamed(name ?? missingName(action)).name;
      if (options.dryRun === true) return presentRemoval(kind, await listEnvironments({ env, signal }));
      await removeEnvironment(kind, { env, signal });
      break;
    }
    default:
      throw new AppError({
        code: 'USAGE',
        message: `"env" does not know the action ${action}.`,
        hint: 'Use "env list", "env create train", "env create convert" or "env remove NAME".',
        kind: 'usage',
      });
  }
  return present(await listEnvironments({ env, signal }));
}

function missingName(action: string): never {
  throw new AppError({
    code: 'USAGE',
    message: `"env ${action}" needs the name of an environment.`,
    hint: `For example: maixcam env ${action} train`,
    kind: 'usage',
  });
}

function present(environments: readonly EnvironmentReport[]): CommandResult {
  const text = environments.map(describe).join('\n');
  return { json: { environments }, text, exitCode: ExitCode.Done };
}

/** What `create` would do, for `--dry-run`. */
function presentPlan(
  { kind, folder, interpreter }: CreationPlan,
  environments: readonly EnvironmentReport[],
): CommandResult {
  const { cpuIndex, packageIndex, minutes } = kind.cost;
  const wouldCreate = { kind: kind.name, folder, python: interpreter.path, pythonVersion: interpreter.version };
  const rows = [
    ['Python', `${interpreter.version}, ${interpreter.path}`],
    ['Folder', folder],
    ['Space', `${formatBytes(cpuIndex)} to ${formatBytes(packageIndex)}, depending on the build of PyTorch`],
    ['Time', minutes],
  ];
  return {
    json: { environments, wouldCreate },
    text: [`The environment for ${kind.title} can be created:`, formatTable(rows, 1), 'Nothing was changed.'].join(
      '\n',
    ),
  };
}

/** What `remove` would do, for `--dry-run`. */
function presentRemoval(kind: string, environments: readonly EnvironmentReport[]): CommandResult {
  const found = environments.find((one) => one.managed && one.kind === kind && one.state !== 'missing');
  if (found === undefined) {
    return { json: { environments, wouldRemove: null }, text: `There is no environment ${kind} to remove.` };
  }
  const { folder, bytes } = found;
  const size = bytes === null ? '' : ` (${formatBytes(bytes)})`;
  return {
    json: { environments, wouldRemove: { kind, folder, bytes } },
    text: `Would remove ${folder}${size}.\nNothing was changed.`,
  };
}

const INDENT = 13;

function describe(one: EnvironmentReport): string {
  const size = one.bytes === null ? '' : `, ${formatBytes(one.bytes)}`;
  const python = one.pythonVersion === null ? '' : `, Python ${one.pythonVersion}`;
  const head = `${one.name.padEnd(INDENT - 1)} ${one.state}${python}${size}${one.managed ? '' : ', not managed'}`;
  const notes = [one.folder];
  if (one.state === 'ready') {
    const shown = ['ultralytics', 'tpu-mlir', 'torch', 'torchvision', 'onnx', 'onnxruntime'];
    const versions = shown.flatMap((name) =>
      one.packages[name] === undefined ? [] : [`${name} ${one.packages[name]}`],
    );
    notes.push(versions.join(', '));
    if (one.missing.length > 0) notes.push(`missing: ${one.missing.join(', ')}`);
  } else if (one.problem === null) notes.push(`create it: maixcam env create ${one.kind}`);
  if (one.problem !== null) notes.push(one.problem.message, one.problem.hint);
  return [head, ...notes.flatMap((note) => wrap(note, 80 - INDENT)).map((line) => ' '.repeat(INDENT) + line)].join(
    '\n',
  );
}
