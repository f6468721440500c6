import { Option } from 'commander';
import { BOARD_IDS } from '../../../../server/src/core/board/kinds';
import type { RegisterCommand } from '../runtime';
import type { SimulateFlags } from '../work/simulate-board';

/** `maixcam simulate-board`: the embedded board, until Ctrl-C (spec cli.md). */
export const registerSimulateBoard: RegisterCommand = (program, run) => {
  program
    .command('simulate-board')
    .summary('start a board that lives on this computer')
    .description("Starts an SSH server on the loopback address with a MaixCAM's files and logins; Ctrl-C ends it.")
    .option('--port <n>', 'TCP port (default: any free one)')
    .addOption(new Option('--kind <board>', 'kind of board').choices(BOARD_IDS).default('maixcam'))
    .option('--root <folder>', "folder that is the board's / and is kept (default: a temporary one)")
    // For a launcher that holds the other end: however it dies, the board does not stay behind.
    .addOption(new Option('--until-stdin-ends', 'end when stdin does').hideHelp())
    .addHelpText('after', '\nExample:\n  maixcam simulate-board --port 2222 --kind maixcam2')
    .action((flags: SimulateFlags) =>
      run(async (context) => (await import('../work/simulate-board')).simulateBoard(context, flags)),
    );
};
