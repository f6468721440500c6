import type { RegisterCommand } from '../runtime';
import type { FixOptions } from '../work/fix';

/** `fix PATH…`: applies the fixes that need no decision. */
export const registerFix: RegisterCommand = (program, run) => {
  program
    .command('fix')
    .description('mend what `check` finds, where the fix needs no decision')
    .argument('<path...>', 'files, or folders to search')
    .option('--dry-run', 'change nothing, print what would change as a unified diff')
    .option('--cwd <folder>', "folder where a training would start: a dataset's relative `path` depends on it")
    .addHelpText('after', '\nExample:\n  $ maixcam fix data/data.yaml --dry-run\n')
    .action((paths: string[], options: FixOptions) =>
      run(async (context) => (await import('../work/fix')).fixPaths(context, paths, options)),
    );
};
