import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { longListing } from '../listing';
import { splitFlags } from './options';
import { CommandFailure, errorText, type BoardCommand, type ShellSession, type Streams } from './run';

/** Commands that only read. */
export const readCommands: Readonly<Record<string, BoardCommand>> = {
  async cat(args, session, streams) {
    const names = splitFlags(args, '').rest;
    let status = 0;
    for (const name of names.length === 0 ? ['-'] : names) {
      try {
        for await (const chunk of contents(name, session)) await streams.out(chunk);
      } catch (thrown) {
        await streams.err(`cat: ${name}: ${errorText(thrown)}\n`);
        status = 1;
      }
    }
    return status;
  },

  async sha256sum(args, session, streams) {
    const names = splitFlags(args, 'b').rest;
    let status = 0;
    for (const name of names.length === 0 ? ['-'] : names) {
      try {
        const hash = createHash('sha256');
        for await (const chunk of contents(name, session)) hash.update(chunk);
        await streams.out(`${hash.digest('hex')}  ${name}\n`);
      } catch (thrown) {
        await streams.err(`sha256sum: ${name}: ${errorText(thrown)}\n`);
        status = 1;
      }
    }
    return status;
  },

  async ls(args, session, streams) {
    const { flags, rest } = splitFlags(args, 'la1Ad');
    let status = 0;
    const names = rest.length === 0 ? ['.'] : rest;
    for (const name of names) {
      try {
        await listOne(name, flags, names.length > 1, session, streams);
      } catch (thrown) {
        await streams.err(`ls: ${name}: ${errorText(thrown)}\n`);
        status = 1;
      }
    }
    return status;
  },

  async stat(args, session, streams) {
    const format = args[0] === '-c' ? args[1] : undefined;
    const names = format === undefined ? splitFlags(args, '').rest : args.slice(2);
    let status = 0;
    for (const name of names) {
      try {
        const info = await session.tree.lstat(name, session.cwd);
        const fields: Record<string, string> = {
          n: name,
          s: String(info.size),
          a: (info.mode & 0o7777).toString(8),
          Y: String(Math.floor(info.mtimeMs / 1000)),
          F: info.isDirectory() ? 'directory' : info.isSymbolicLink() ? 'symbolic link' : 'regular file',
        };
        const text = (format ?? '  File: %n\n  Size: %s\t%F\nAccess: %a').replace(
          /%(.)/g,
          (whole, key: string) => fields[key] ?? whole,
        );
        await streams.out(`${text}\n`);
      } catch (thrown) {
        await streams.err(`stat: ${name}: ${errorText(thrown)}\n`);
        status = 1;
      }
    }
    return status;
  },

  async df(args, session, streams) {
    const { rest } = splitFlags(args, 'kP');
    let status = 0;
    const lines = ['Filesystem           1K-blocks      Used Available Use% Mounted on'];
    for (const name of rest.length === 0 ? ['/'] : rest) {
      try {
        await session.tree.stat(name, session.cwd);
        const usage = await session.tree.usage();
        const blocks = [usage.capacity, usage.used, usage.available].map((bytes) => Math.floor(bytes / 1024));
        const percent = Math.ceil((100 * usage.used) / Math.max(1, usage.capacity));
        const columns = blocks.map((value) => String(value).padStart(9)).join(' ');
        lines.push(`/dev/root            ${columns} ${String(percent).padStart(3)}% /`);
      } catch (thrown) {
        await streams.err(`df: ${name}: ${errorText(thrown)}\n`);
        status = 1;
      }
    }
    await streams.out(`${lines.join('\n')}\n`);
    return status;
  },
};

async function* contents(name: string, session: ShellSession): AsyncGenerator<Buffer> {
  if (name === '-') {
    yield* session.stdin;
    return;
  }
  const file = await session.tree.open(name, constants.O_RDONLY, 0, session.cwd);
  try {
    if ((await file.stat()).isDirectory()) throw new CommandFailure('Is a directory');
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      if (session.signal.aborted) return;
      yield chunk as Buffer;
    }
  } finally {
    await file.close();
  }
}

async function listOne(
  name: string,
  flags: Set<string>,
  several: boolean,
  { tree, cwd }: ShellSession,
  { out }: Streams,
): Promise<void> {
  const long = async (label: string, boardPath: string): Promise<string> =>
    flags.has('l') ? longListing(label, await tree.lstat(boardPath, cwd)) : label;
  const stat = await tree.stat(name, cwd);
  if (!stat.isDirectory() || flags.has('d')) {
    await out(`${await long(name, name)}\n`);
    return;
  }
  const hidden = flags.has('a') || flags.has('A');
  const names = (await tree.list(name, cwd)).filter((entry) => hidden || !entry.startsWith('.'));
  if (flags.has('a')) names.unshift('.', '..');
  const lines = await Promise.all(names.map((entry) => long(entry, `${name}/${entry}`)));
  if (several) lines.unshift(`${name}:`);
  if (lines.length > 0) await out(`${lines.join('\n')}\n`);
}
