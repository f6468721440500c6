import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { RECIPE_SUFFIX } from '../../../../server/src/core/recipe/model';
import { formatBytes } from '../../../../server/src/core/text/bytes';
import { boardAddress } from '../../host/board/address';
import { userHostKeys } from '../../host/board/host-keys';
import type { PushResult } from '../../host/board/push';
import { pushToBoard } from '../../host/board/push-to-board';
import { openRecipe } from '../../host/pipeline/open-recipe';
import { mudPath } from '../../host/steps/mud';
import { boardPassword } from '../board-password';
import type { CommandResult } from '../result';
import type { CommandContext } from '../runtime';
import { formatSeconds, formatTable } from '../table';

export interface PushFlags {
  readonly host?: string;
  readonly user?: string;
  readonly identity?: string;
  readonly folder?: string;
  readonly dryRun?: boolean;
  readonly acceptNewHostKey?: boolean;
}

/** Sends a MUD and its files to a board, or compares only. */
export async function push(context: CommandContext, file: string, flags: PushFlags): Promise<CommandResult> {
  const source = await resolveMud(file);
  const host = flags.host ?? source.host;
  if (host === undefined) {
    throw new AppError({
      code: 'USAGE',
      message: 'No board was given.',
      hint: 'Add --host with the address of the board, for example --host 10.108.125.1 (USB) or maixcam-6c7d.local.',
      kind: 'usage',
    });
  }
  const dryRun = flags.dryRun === true;
  const result = await pushToBoard({
    login: {
      ...boardAddress(host),
      user: flags.user ?? source.user ?? 'root',
      agent: context.env.SSH_AUTH_SOCK === '' ? undefined : context.env.SSH_AUTH_SOCK,
      identity: flags.identity,
      password: boardPassword(context),
      hostKeys: userHostKeys(context.env),
      acceptNewHostKey: flags.acceptNewHostKey,
      say: (line) => context.say(line),
    },
    mud: source.mud,
    folder: flags.folder ?? source.folder,
    dryRun,
    signal: context.signal,
    progress: context.progress,
  });
  return { json: dryRun ? { ...result, dryRun } : result, text: textOf(result, dryRun) };
}

interface MudSource {
  readonly mud: string;
  /** From the recipe's `deploy`. */
  readonly host?: string;
  readonly user?: string;
  readonly folder?: string;
}

/** The MUD itself, or the one that the recipe's step "mud" has published. */
async function resolveMud(file: string): Promise<MudSource> {
  if (!file.toLowerCase().endsWith(RECIPE_SUFFIX)) return { mud: file };
  const { recipe, paths } = await openRecipe(file);
  const mud = path.relative(process.cwd(), mudPath(paths));
  if (!existsSync(mud)) {
    throw new AppError({
      code: 'PUSH_NOT_BUILT',
      message: `The recipe ${path.basename(file)} has no finished model yet.`,
      hint: `Make it first: maixcam run ${file} --until mud`,
    });
  }
  const { host, port, user, folder } = recipe.deploy;
  return {
    mud,
    user,
    folder,
    ...(host === null ? {} : { host: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}` }),
  };
}

function textOf({ files, seconds }: PushResult, dryRun: boolean): string {
  const words = dryRun ? { sent: 'would be sent', unchanged: 'is there' } : { sent: 'sent', unchanged: 'unchanged' };
  const rows = files.map((file) => [file.remote, formatBytes(file.bytes), words[file.action]]);
  const end = dryRun
    ? 'Nothing was changed.'
    : `Done in ${formatSeconds(seconds)}; every SHA-256 was compared on the board.`;
  return `${formatTable(rows, 0)}\n${end}`;
}
