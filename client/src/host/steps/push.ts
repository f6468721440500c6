import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { StepPlan } from '../../domain/pipeline/steps';
import { OWN_VERSION } from '../../domain/pipeline/version';
import { boardAddress } from '../board/address';
import { userHostKeys } from '../board/host-keys';
import { pushToBoard } from '../board/push-to-board';
import type { Step, StepContext, StepOutcome } from '../pipeline/step';
import { mudPath } from './mud';

const PUSH_FILE = 'push.json';

/** Sends the MUD's folder to the board and compares the hashes there (spec board.md 3.4). */
export const pushStep: Step = {
  name: 'push',
  // What is on the board can change without anything changing here.
  always: true,

  idle: (context) => (target(context) === null ? 'no board chosen: give --host or set deploy.host' : null),

  plan(context): Promise<StepPlan> {
    return Promise.resolve({
      step: 'push',
      needs: ['mud'],
      inputs: [],
      recipe: { deploy: context.recipe.deploy, address: target(context) },
      tool: OWN_VERSION,
      commands: [],
      outputs: [PUSH_FILE],
    });
  },

  async run(context, _plan, work): Promise<StepOutcome> {
    const { push, recipe, env } = context;
    const address = target(context);
    if (address === null) throw new Error('no board was chosen');
    const result = await pushToBoard({
      login: {
        ...address,
        user: push.user ?? recipe.deploy.user,
        agent: env.SSH_AUTH_SOCK === '' ? undefined : env.SSH_AUTH_SOCK,
        identity: push.identity,
        password: push.password,
        hostKeys: userHostKeys(env),
        acceptNewHostKey: push.acceptNewHostKey,
        say: push.say,
      },
      mud: mudPath(context.paths),
      folder: recipe.deploy.folder,
      signal: context.signal,
      progress: context.progress,
    });
    await writeFile(path.join(work, PUSH_FILE), `${JSON.stringify({ address, ...result }, null, 2)}\n`);
    const sent = result.files.filter((file) => file.action === 'sent').length;
    const what = sent === 0 ? 'all files are there' : `${sent} of ${result.files.length} files sent`;
    return {
      unchanged: sent === 0,
      summary: {
        text: `${what}, hashes compared on ${address.host}:${address.port}`,
        folder: recipe.deploy.folder,
        files: result.files,
      },
    };
  },
};

/** The caller's board, else the recipe's. */
function target(context: StepContext): { readonly host: string; readonly port: number } | null {
  if (context.push.host !== undefined) return boardAddress(context.push.host);
  const { host, port } = context.recipe.deploy;
  return host === null ? null : { host, port };
}
