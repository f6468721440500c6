import path from 'node:path';
import { verifyCut, type VerifiedOutput } from '../../host/engine/verify';
import { ExitCode, type CommandResult } from '../result';
import type { CommandContext } from '../runtime';
import { formatShape } from '../table';

export interface VerifyOptions {
  readonly against: string;
  readonly image?: string;
}

/** Runs both models and compares every output. */
export async function verify(context: CommandContext, cut: string, options: VerifyOptions): Promise<CommandResult> {
  context.progress.report({ step: 'verify', fraction: null, message: 'running both models', stage: 'running' });
  const verification = await verifyCut(path.resolve(context.cwd, cut), path.resolve(context.cwd, options.against), {
    image: options.image === undefined ? undefined : path.resolve(context.cwd, options.image),
    signal: context.signal,
    env: context.env,
  });
  return {
    json: verification,
    text: [
      ...verification.outputs.map(describe),
      verification.identical ? 'Every output agrees bit for bit.' : 'The cut does not compute what its original does.',
    ].join('\n'),
    exitCode: verification.identical ? ExitCode.Done : ExitCode.Problem,
  };
}

function describe(output: VerifiedOutput): string {
  const difference = output.maxDifference === null ? 'not comparable' : String(output.maxDifference);
  const rebuilt = output.parts === null ? '' : `\n  rebuilt from ${output.parts.join(', ')}`;
  return `${output.name}\n  ${output.type} ${formatShape(output.shape)}, largest difference ${difference}${rebuilt}`;
}
