import { Option } from 'commander';
import { STEP_NAMES, type StepName } from '../../domain/pipeline/steps';
import type { RegisterCommand } from '../runtime';
import type { RunFlags } from '../work/run';

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
    .action((recipe: string, flags: RunFlags) =>
      run(async (context) => (await import('../work/run')).runRecipe(context, recipe, flags)),
    );
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
        run(async (context) =>
          (await import('../work/run')).runRecipe(context, recipe, { ...flags, until: step as StepName }),
        ),
      );
  }
};
