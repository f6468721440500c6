import type { RegisterCommand } from '../runtime';
import type { MudOptions } from '../work/mud';

/** `mud FILE… [--bytes]`: files as the device reads them. */
export const registerMud: RegisterCommand = (program, run) => {
  program
    .command('mud')
    .description('show MUD files as the board reads them')
    .argument('<file...>', 'MUD files')
    .option('--bytes', 'with --json: names, values and labels as base64 of their bytes')
    .addHelpText('after', '\nExample:\n  $ maixcam mud models/shapes.mud\n')
    .action((files: string[], options: MudOptions) =>
      run(async () => (await import('../work/mud')).showMuds(files, options)),
    );
};
