import type { RegisterCommand } from '../runtime';
import type { EnvFlags } from '../work/env';

/** `maixcam env`: the Python environments that tools run in (spec cli.md). */
export const registerEnv: RegisterCommand = (program, run) => {
  const command = program
    .command('env')
    .description('list, create or remove the Python environments for training and converting')
    .argument('[action]', 'list, create or remove', 'list')
    .argument('[name]', 'train or convert')
    .option('--force', 'create anew even where it is up to date')
    .option('--dry-run', 'change nothing; say what would be created or removed')
    .option('--python <interpreter>', 'interpreter to create with; otherwise one is looked for');
  command.addHelpText(
    'after',
    '\nExamples:\n  maixcam env\n  maixcam env create train\n  maixcam env remove convert --json',
  );
  command.action((action: string, name: string | undefined, options: EnvFlags) =>
    run(async (context) => (await import('../work/env')).manageEnvironments(context, action, name, options)),
  );
};
