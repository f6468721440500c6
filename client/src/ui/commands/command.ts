import type { Services } from '../services';

/** What a command does; `args` as the editor gives them: a file, a row of the pipeline view, or nothing. */
export type CommandBody = (services: Services, ...args: readonly unknown[]) => Promise<void>;

/** One command of the manifest. */
export interface CommandEntry {
  readonly id: `maixcam.${string}`;
  /** Its code is loaded at its first use. */
  readonly load: () => Promise<CommandBody>;
  /** It starts tools, runs a model or contacts a board: only in a workspace that is trusted. */
  readonly trusted: boolean;
  /** It works in a folder on a disk where it is called without a file. */
  readonly folder: boolean;
}
