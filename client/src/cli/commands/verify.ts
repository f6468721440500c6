import path from 'node:path';
import type { VerifiedOutput } from '../../host/engine/verify';
import type { RegisterCommand } from '../runtime';
import { ExitCode } from '../result';
import { formatShape } from '../table';

interface VerifyOptions {
  readonly against: string;
  readonly image?: string;
}

/** `verify CUT --against ORIGINAL [--image I]`: runs both and compares every output bit for bit. */
export const registerVerify: RegisterCommand = (program, run) => {
  program
    .command('verify')
    .description('run a cut and its original on the same input and compare the outputs')
    .argument('<cut>', 'ONNX model that was cut')
    .requiredOption('--against <original>', 'the model that it was cut from')
    .option('--image <file>', 'run on this picture (JPEG or PNG); default: random numbers, always the same')
    .addHelpText('after', '\nExample:\n  $ maixcam verify cut.onnx --against yolo11n.onnx --image test.jpg\n')
    .action(async (cut: string, options: VerifyOptions) => {
      await run(async (context) => {
        // Loaded when it is needed: picture decoders would slow down the start of every other command.
        const { verifyCut } = await import('../../host/engine/verify');
        context.progress.report({ step: 'verify', fraction: null, message: 'running both models', stage: 'running' });
        const verification = await verifyCut(
          path.resolve(context.cwd, cut),
          path.resolve(context.cwd, options.against),
          {
            image: options.image === undefined ? undefined : path.resolve(context.cwd, options.image),
            signal: context.signal,
            env: context.env,
          },
        );
        return {
          json: verification,
          text: [
            ...verification.outputs.map(describe),
            verification.identical
              ? 'Every output agrees bit for bit.'
              : 'The cut does not compute what its original does.',
          ].join('\n'),
          exitCode: verification.identical ? ExitCode.Done : ExitCode.Problem,
        };
      });
    });
};

function describe(output: VerifiedOutput): string {
  const difference = output.maxDifference === null ? 'not comparable' : String(output.maxDifference);
  const rebuilt = output.parts === null ? '' : `\n  rebuilt from ${output.parts.join(', ')}`;
  return `${output.name}\n  ${output.type} ${formatShape(output.shape)}, largest difference ${difference}${rebuilt}`;
}
