import { Option } from 'commander';
import { BOARD_IDS } from '../../../../server/src/core/board/kinds';
import type { RegisterCommand } from '../runtime';
import type { CheckOptions } from '../work/check';

/** `check PATH…`: the problems that the editor shows. */
export const registerCheck: RegisterCommand = (program, run) => {
  program
    .command('check')
    .description('find problems in MUD files, datasets and recipes before a tool or the board does')
    .argument('<path...>', 'files, or folders to search')
    .addOption(new Option('--board <kind>', 'the board that models are meant for').choices(BOARD_IDS))
    .option('--cwd <folder>', "folder where a training would start: a dataset's relative `path` depends on it")
    .addHelpText('after', '\nExample:\n  $ maixcam check shapes data/data.yaml\n')
    .action((paths: string[], options: CheckOptions) =>
      run(async (context) => (await import('../work/check')).checkPaths(context, paths, options)),
    );
};
