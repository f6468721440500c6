import type { RegisterCommand } from '../runtime';
import type { VerifyOptions } from '../work/verify';

/** `verify CUT --against ORIGINAL [--image I]`: runs both and compares every output bit for bit. */
export const registerVerify: RegisterCommand = (program, run) => {
  program
    .command('verify')
    .description('run a cut and its original on the same input and compare the outputs')
    .argument('<cut>', 'ONNX model that was cut')
    .requiredOption('--against <original>', 'the model that it was cut from')
    .option('--image <file>', 'run on this picture (JPEG or PNG); default: random numbers, always the same')
    .addHelpText('after', '\nExample:\n  $ maixcam verify cut.onnx --against yolo11n.onnx --image test.jpg\n')
    .action((cut: string, options: VerifyOptions) =>
      run(async (context) => (await import('../work/verify')).verify(context, cut, options)),
    );
};
