import { Option } from 'commander';
import { BOARD_IDS } from '../../../../server/src/core/board/kinds';
import type { RegisterCommand } from '../runtime';
import type { CutOptions } from '../work/cut';

/** `cut FILE -o OUT [--outputs a,b | --board B]`: extracts the sub-graph that computes the outputs. */
export const registerCut: RegisterCommand = (program, run) => {
  program
    .command('cut')
    .description('extract the part of an ONNX model that computes the given outputs')
    .argument('<file>', 'ONNX model')
    .requiredOption('-o, --out <file>', 'where the cut is written')
    .option('--outputs <names>', 'tensors that become outputs, separated by commas')
    .addOption(
      new Option('--board <board>', 'let the outputs be chosen for this kind of board')
        .choices(BOARD_IDS)
        .conflicts('outputs'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ maixcam cut yolo11n.onnx -o cut.onnx --board maixcam\n' +
        '  $ maixcam cut yolo11n.onnx -o cut.onnx --outputs boxes,scores\n',
    )
    .action((file: string, options: CutOptions) =>
      run(async (context) => (await import('../work/cut')).cutModel(context, file, options)),
    );
};
