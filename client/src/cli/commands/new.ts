import { Option } from 'commander';
import type { RegisterCommand } from '../runtime';
import type { NewOptions } from '../work/new';

const EXAMPLE = `
Example:
  maixcam new shapes
  maixcam new --task pose --board maixcam2 hands`;

/** `new`: a sample workspace with a drawn dataset and a recipe (spec cli.md). */
export const registerNew: RegisterCommand = (program, run) => {
  program
    .command('new')
    .description('make a sample workspace with a drawn dataset and a recipe')
    .argument('<DIR>', 'folder to make; it must not exist, or be empty')
    .addOption(
      new Option('--task <task>', 'what the model does')
        .choices(['detect', 'pose', 'segment', 'obb', 'classify'])
        .default('detect'),
    )
    .addOption(
      new Option('--board <board>', 'kind of board').choices(['maixcam', 'maixcam-pro', 'maixcam2']).default('maixcam'),
    )
    .addHelpText('after', EXAMPLE)
    .action((directory: string, options: NewOptions) =>
      run(async (context) => (await import('../work/new')).makeSample(context, directory, options)),
    );
};
