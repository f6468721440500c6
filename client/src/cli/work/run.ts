import type { StepName, StepPlan, StepResult } from '../../domain/pipeline/steps';
import { planPipeline, runPipeline, type EngineContext, type RunOptions } from '../../host/pipeline/engine';
import { openRecipe } from '../../host/pipeline/open-recipe';
import { pipelineSteps } from '../../host/steps';
import { boardPassword } from '../board-password';
import { failureOf, type CommandResult } from '../result';
import type { CommandContext } from '../runtime';
import { formatSeconds, formatTable } from '../table';

export interface RunFlags {
  readonly until?: StepName;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly host?: string;
  readonly user?: string;
  readonly identity?: string;
  readonly acceptNewHostKey?: boolean;
}

/** Runs the steps of a recipe that are out of date, and tells of each. */
export async function runRecipe(context: CommandContext, file: string, flags: RunFlags): Promise<CommandResult> {
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
