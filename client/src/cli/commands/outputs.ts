import { Option } from 'commander';
import { BOARD_IDS } from '../../../../server/src/core/board/kinds';
import type { RegisterCommand } from '../runtime';
import type { OutputsOptions } from '../work/outputs';

/** `outputs FILE --board B`: the outputs that a model should be cut to for a board. */
export const registerOutputs: RegisterCommand = (program, run) => {
  program
    .command('outputs')
    .description('choose the outputs of an ONNX model for a board, and say what else is possible')
    .argument('<file>', 'ONNX model')
    .addOption(new Option('--board <kind>', 'kind of board').choices(BOARD_IDS).makeOptionMandatory())
    .addHelpText('after', '\nExample:\n  $ maixcam outputs yolo11n.onnx --board maixcam\n')
    .action((file: string, options: OutputsOptions) =>
      run(async (context) => (await import('../work/outputs')).proposeOutputs(context, file, options)),
    );
};
