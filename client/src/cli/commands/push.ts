import type { RegisterCommand } from '../runtime';
import type { PushFlags } from '../work/push';

/** `maixcam push`: a MUD and its files to a board (spec cli.md, board.md 3.4). */
export const registerPush: RegisterCommand = (program, run) => {
  program
    .command('push')
    .summary('send a model to a board')
    .description('Sends a MUD and every file that it names to a board, and proves that they arrived whole.')
    .argument('<mud|recipe>', 'a .mud file, or a .maixcam.yaml whose MUD has been made')
    .option('--host <host[:port]>', 'address of the board (a recipe may have it as deploy.host)')
    .option('--user <user>', 'user on the board (default: root)')
    .option('--identity <file>', 'private key to log in with')
    .option('--folder <folder>', 'folder on the board (default: /root/models/NAME)')
    .option('--dry-run', 'compare with the board, send nothing')
    .option('--accept-new-host-key', 'trust the board although its host key changed')
    .addHelpText(
      'after',
      '\nThe password is taken from MAIXCAM_PASSWORD, or asked for.\n\nExample:\n  maixcam push shapes.mud --host maixcam-6c7d.local',
    )
    .action((file: string, flags: PushFlags) =>
      run(async (context) => (await import('../work/push')).push(context, file, flags)),
    );
};
