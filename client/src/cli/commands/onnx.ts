import type { RegisterCommand } from '../runtime';

/** `onnx FILE`: what an ONNX model is: its inputs and outputs, and the head that was recognised in it. */
export const registerOnnx: RegisterCommand = (program, run) => {
  program
    .command('onnx')
    .description('show what an ONNX model is: inputs, outputs, recognised head')
    .argument('<file>', 'ONNX model')
    .addHelpText('after', '\nExample:\n  $ maixcam onnx yolo11n.onnx\n')
    .action((file: string) => run(async (context) => (await import('../work/onnx')).describeModel(context, file)));
};
