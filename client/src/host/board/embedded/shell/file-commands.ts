import { constants } from 'node:fs';
import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { posixCode } from '../tree';
import { splitFlags } from './options';
import { CommandFailure, errorText, type BoardCommand, type ShellSession } from './run';

/** Commands that change files. */
export const fileCommands: Readonly<Record<string, BoardCommand>> = {
  /** Every write of the tree has reached the host's file system when it returns: nothing is left to flush. */
  sync: () => Promise.resolve(0),

  async mkdir(args, session, { err }) {
    const { flags, rest } = splitFlags(args, 'pm');
    return await each(rest, (name) => session.tree.mkdir(name, flags.has('p'), session.cwd), 'mkdir', err);
  },

  async rmdir(args, session, { err }) {
    return await each(splitFlags(args, '').rest, (name) => session.tree.rmdir(name, session.cwd), 'rmdir', err);
  },

  async rm(args, session, { err }) {
    const { flags, rest } = splitFlags(args, 'rRf');
    const recursive = flags.has('r') || flags.has('R');
    const removeOne = async (name: string): Promise<void> => {
      try {
        const stat = await session.tree.lstat(name, session.cwd);
        if (!stat.isDirectory()) await session.tree.unlink(name, session.cwd);
        else if (recursive) await session.tree.removeTree(name, session.cwd);
        else throw new CommandFailure('Is a directory');
      } catch (thrown) {
        if (!(flags.has('f') && posixCode(thrown) === 'ENOENT')) throw thrown;
      }
    };
    return await each(rest, removeOne, 'rm', err);
  },

  async mv(args, session) {
    const { flags, rest } = splitFlags(args, 'fnT');
    const [from, to] = rest;
    if (from === undefined || to === undefined || rest.length > 2)
      throw new CommandFailure('needs a source and a target');
    const target = flags.has('T') ? to : await intoFolder(from, to, session);
    if (flags.has('n') && (await exists(target, session))) return 0;
    await session.tree.rename(from, target, session.cwd);
    return 0;
  },

  async cp(args, session) {
    const { rest } = splitFlags(args, 'fp');
    const [from, to] = rest;
    if (from === undefined || to === undefined || rest.length > 2)
      throw new CommandFailure('needs a source and a target');
    const target = await intoFolder(from, to, session);
    const source = await session.tree.open(from, constants.O_RDONLY, 0, session.cwd);
    try {
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;
      const copy = await session.tree.open(target, flags, 0o644, session.cwd);
      try {
        let position = 0;
        for await (const chunk of source.createReadStream({ autoClose: false })) {
          await session.tree.write(copy, chunk as Buffer, position);
          position += (chunk as Buffer).length;
        }
      } finally {
        await copy.close();
      }
    } finally {
      await source.close();
    }
    return 0;
  },

  async touch(args, session, { err }) {
    const touchOne = async (name: string): Promise<void> => {
      const file = await session.tree.open(name, constants.O_WRONLY | constants.O_CREAT, 0o644, session.cwd);
      await file.close();
      const now = new Date();
      await utimes(await session.tree.resolve(name, session.cwd), now, now);
    };
    return await each(splitFlags(args, '').rest, touchOne, 'touch', err);
  },
};

/** Runs the work for every name; a failure is told and the others go on, as the real tools do. */
async function each(
  names: readonly string[],
  work: (name: string) => Promise<void>,
  tool: string,
  err: (text: string) => Promise<void>,
): Promise<number> {
  if (names.length === 0) throw new CommandFailure('missing operand');
  let status = 0;
  for (const name of names) {
    try {
      await work(name);
    } catch (thrown) {
      await err(`${tool}: ${name}: ${errorText(thrown)}\n`);
      status = 1;
    }
  }
  return status;
}

async function intoFolder(from: string, to: string, session: ShellSession): Promise<string> {
  try {
    if ((await session.tree.stat(to, session.cwd)).isDirectory()) return `${to}/${path.posix.basename(from)}`;
  } catch {
    // not there: the target is a file name
  }
  return to;
}

async function exists(name: string, session: ShellSession): Promise<boolean> {
  return await session.tree.lstat(name, session.cwd).then(
    () => true,
    () => false,
  );
}
