import type { CommandContext } from './runtime';

/** Where the board's password comes from: `MAIXCAM_PASSWORD`, else a question on a terminal. Never stored. */
export function boardPassword(context: CommandContext): () => Promise<string | undefined> {
  return () => Promise.resolve(context.env.MAIXCAM_PASSWORD);
}
