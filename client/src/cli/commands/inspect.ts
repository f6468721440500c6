import type { RegisterCommand } from '../runtime';

/** `inspect FILE`: what a model file is, whatever it is called. */
export const registerInspect: RegisterCommand = (program, run) => {
  program
    .command('inspect')
    .description('say what a model file is and whether a board can use it')
    .argument('<file>', '.cvimodel, .axmodel, .onnx or whatever it turns out to be')
    .addHelpText('after', '\nExample:\n  $ maixcam inspect models/shapes.cvimodel\n')
    .action((file: string) => run(async () => (await import('../work/inspect')).inspectModel(file)));
};
