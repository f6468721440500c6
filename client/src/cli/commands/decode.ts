import type { RegisterCommand } from '../runtime';

/** `decode INDEX.json`: the board's decoding of saved output tensors (shape of the result: cli.md). */
export const registerDecode: RegisterCommand = (program, run) => {
  program
    .command('decode')
    .description("run the board's decoding on saved output tensors")
    .argument('<index>', 'JSON file with cases: MUD keys, outputs, a file of float32 values, detect calls')
    .addHelpText('after', '\nExample:\n  $ maixcam decode saved/index.json --json\n')
    .action((index: string) => run(async (context) => (await import('../work/decode')).decodeSaved(context, index)));
};
