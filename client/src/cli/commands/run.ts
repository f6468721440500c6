import { Option } from 'commander';
import { STEP_NAMES, type StepName, type StepPlan, type StepResult } from '../../domain/pipeline/steps';
import { planPipeline, runPipeline, type EngineContext, type RunOptions } from '../../host/pipeline/engine';
import { openRecipe } from '../../host/pipeline/open-recipe';
import { pipelineSteps } from '../../host/steps';
import { boardPassword } from '../board-password';
import { failureOf, type CommandResult } from '../result';
import type { CommandContext, RegisterCommand } from '../runtime';
import { formatSeconds, formatTable } from '../table';

interface RunFlags {
  readonly until?: StepName;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly host?: string;
  readonly user?: string;
  readonly identity?: string;
  readonly acceptNewHostKey?: boolean;
}

/** `run`: all steps that are out of date. */
export const registerRun: RegisterCommand = (program, run) => {
  program
    .command('run')
    .summary('run every step of a recipe that is out of date')
    .description('Runs the steps of a recipe that are out of date, from the dataset to the board.')
    .argument('<recipe>', 'a .maixcam.yaml file')
    .addOption(new Option('--until <step>', 'stop after this step').choices(STEP_NAMES))
    .option('--force', 'run every step, up to date or not')
    .option('--dry-run', 'print the commands that would run')
    .option('--host <host[:port]>', 'board to push to (default: deploy.host of the recipe)')
    .option('--user <user>', 'user on the board')
    .option('--identity <file>', 'private key for the board')
    .option('--accept-new-host-key', 'trust the board although its host key changed')
    .addHelpText('after', '\nExample:\n  maixcam run shapes.maixcam.yaml --until compare')
    .action((recipe: string, flags: RunFlags) => run((context) => runRecipe(context, recipe, flags)));
};

/** `train`, `export`, `convert`: one step, and before it what it needs. */
export const registerSteps: RegisterCommand = (program, run) => {
  const summaries: Partial<Record<StepName, string>> = {
    train: 'train the model of a recipe',
    export: 'export the trained model to ONNX',
    convert: 'convert the model for the board',
  };
  for (const [step, summary] of Object.entries(summaries)) {
    program
      .command(step)
      .summary(summary)
      .description(
        `Runs the step "${step}" of a recipe, and before it the steps that it needs and that are out of date.`,
      )
      .argument('<recipe>', 'a .maixcam.yaml file')
      .option('--force', 'run the steps, up to date or not')
      .option('--dry-run', 'print the commands that would run')
      .addHelpText('after', `\nExample:\n  maixcam ${step} shapes.maixcam.yaml`)
      .action((recipe: string, flags: RunFlags) =>
        run((context) => runRecipe(context, recipe, { ...flags, until: step as StepName })),
      );
  }
};

async function runRecipe(context: CommandContext, file: string, flags: RunFlags): Promise<CommandResult> {
  const { recipe, paths } = await openRecipe(file);
  const engine: EngineContext = {
    recipe,
    paths,
    signal: context.signal,
    progress: context.progress,
    env: context.env,
    push: {
      ...(flags.host === undefined ? {} : { host: flags.host }),
      ...(flags.user === undefined ? {} : { user: flags.user }),
      ...(flags.identity === undefined ? {} : { identity: flags.identity }),
      ...(flags.acceptNewHostKey === undefined ? {} : { acceptNewHostKey: flags.acceptNewHostKey }),
      password: boardPassword(context),
      say: context.say,
    },
  };
  if (flags.dryRun === true) return dryRun(engine, flags.until);

  const options: RunOptions = {
    ...(flags.until === undefined ? {} : { until: flags.until }),
    ...(flags.force === undefined ? {} : { force: flags.force }),
  };
  const { steps, error } = await runPipeline(pipelineSteps, engine, options);
  const table = stepTable(steps);
  if (error === null) return { json: { steps }, text: table };
  const failure = failureOf(error);
  return { json: { steps, ...failure.json }, text: `${table}\n\n${failure.text}`, exitCode: failure.exitCode };
}

const MARK: Record<StepResult['state'], string> = { done: '✓', skipped: '–', failed: '✗', cancelled: '○' };

function stepTable(steps: readonly StepResult[]): string {
  const rows = steps.map((step) => [
    `${MARK[step.state]} ${step.name}`,
    step.state === 'skipped' && step.outputs.length > 0 ? `up to date: ${step.summary.text}` : step.summary.text,
    formatSeconds(step.seconds),
  ]);
  return formatTable(rows, 1);
}

async function dryRun(engine: EngineContext, until: StepName | undefined): Promise<CommandResult> {
  const plans = await planPipeline(pipelineSteps, engine, until);
  const steps = plans.map(({ plan, reason }) => ({
    name: plan.step,
    state: reason === null ? 'skipped' : 'pending',
    reason: reason ?? 'up to date',
    commands: plan.commands,
    outputs: plan.outputs,
  }));
  return { json: { steps }, text: plans.map(({ plan, reason }) => planText(plan, reason)).join('\n') };
}

function planText(plan: StepPlan, reason: string | null): string {
  const head = `${plan.step}: ${reason ?? 'up to date'}`;
  if (reason === null) return head;
  return [
    head,
    ...plan.commands.map((command) => `  ${[command.program, ...command.args].map(quoted).join(' ')}`),
  ].join('\n');
}

/** Readable in a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
