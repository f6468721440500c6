import type { FileHandle } from 'node:fs/promises';
import { constants, type Stats } from 'node:fs';
import { truncate, utimes, chmod } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';
import type { BoardFaults } from './faults';
import { posixCode, TreeError, type BoardTree } from './tree';
import { longListing } from './listing';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;
const NAMES_PER_ANSWER = 64;

type Handle = { kind: 'file'; file: FileHandle; append: boolean } | { kind: 'folder'; path: string; rest: string[] };

/**
 * Serves SFTP version 3 on the board's tree, with the status codes that OpenSSH's sftp-server gives: a full disk and a
 * read-only file system are both "Failure", and a rename does not replace a file that is there.
 * `drop` breaks the connection.
 */
export function serveSftp(sftp: SFTPWrapper, tree: BoardTree, faults: BoardFaults, drop: () => void): void {
  const handles = new Map<number, Handle>();
  let nextHandle = 1;
  /** One request after the other, as the real server does: OpenSSH's client cuts a file short when answers overtake. */
  let last: Promise<void> = Promise.resolve();

  const answer = (id: number, work: () => Promise<void>): void => {
    last = last.then(work).catch((thrown: unknown) => {
      const code = posixCode(thrown);
      sftp.status(id, STATUS_BY_CODE[code] ?? STATUS_CODE.FAILURE, TEXT_BY_CODE[code] ?? 'Failure');
    });
  };
  const ok = (id: number): void => sftp.status(id, STATUS_CODE.OK);
  const keep = (id: number, handle: Handle): void => {
    const key = nextHandle++;
    handles.set(key, handle);
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(key);
    sftp.handle(id, bytes);
  };
  const find = (bytes: Buffer): Handle => {
    const handle = bytes.length === 4 ? handles.get(bytes.readUInt32BE()) : undefined;
    if (handle === undefined) throw new TreeError('EBADF', 'Bad file handle');
    return handle;
  };
  const fileOf = (bytes: Buffer): FileHandle => {
    const handle = find(bytes);
    if (handle.kind !== 'file') throw new TreeError('EISDIR', 'Is a directory');
    return handle.file;
  };

  sftp.on('OPEN', (id, name, flags, attrs) =>
    answer(id, async () => {
      const append = (flags & OPEN_MODE.APPEND) !== 0;
      // The attributes of the packet are those that its flags announce; the others are undefined at run time.
      const mode = (attrs as Partial<Attributes>).mode ?? 0o644;
      const file = await tree.open(name, openFlags(flags), mode & 0o7777, '/root');
      keep(id, { kind: 'file', file, append });
    }),
  );
  sftp.on('READ', (id, handle, offset, length) =>
    answer(id, async () => {
      const { bytesRead, buffer } = await fileOf(handle).read(Buffer.alloc(Math.min(length, 65536)), 0, null, offset);
      if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, buffer.subarray(0, bytesRead));
    }),
  );
  sftp.on('WRITE', (id, bytes, offset, incoming) => {
    // The packet's memory is ssh2's again when this listener returns.
    const data = Buffer.from(incoming);
    answer(id, async () => {
      const file = fileOf(bytes);
      const handle = find(bytes);
      const at = handle.kind === 'file' && handle.append ? (await file.stat()).size : offset;
      const fits = dropAfter(faults, data.length);
      flipByte(faults, data, at);
      if (faults.uploadBytesPerSecond !== undefined) await sleep((1000 * data.length) / faults.uploadBytesPerSecond);
      await tree.write(file, fits === null ? data : data.subarray(0, fits), at);
      if (fits === null) ok(id);
      else drop();
    });
  });
  sftp.on('CLOSE', (id, bytes) =>
    answer(id, async () => {
      const handle = find(bytes);
      handles.delete(bytes.readUInt32BE());
      if (handle.kind === 'file') await handle.file.close();
      ok(id);
    }),
  );
  sftp.on('STAT', (id, name) => answer(id, async () => sftp.attrs(id, attributes(await tree.stat(name)))));
  sftp.on('LSTAT', (id, name) => answer(id, async () => sftp.attrs(id, attributes(await tree.lstat(name)))));
  sftp.on('FSTAT', (id, handle) => answer(id, async () => sftp.attrs(id, attributes(await fileOf(handle).stat()))));
  sftp.on('SETSTAT', (id, name, attrs) =>
    answer(id, async () => {
      tree.refuseReadOnly();
      await setAttributes(await tree.resolve(name), attrs);
      ok(id);
    }),
  );
  sftp.on('FSETSTAT', (id, handle, attrs) =>
    answer(id, async () => {
      tree.refuseReadOnly();
      const file = fileOf(handle);
      const wanted: Partial<Attributes> = attrs;
      if (wanted.size !== undefined) await file.truncate(wanted.size);
      if (wanted.mode !== undefined) await file.chmod(wanted.mode & 0o7777);
      if (wanted.atime !== undefined && wanted.mtime !== undefined) await file.utimes(wanted.atime, wanted.mtime);
      ok(id);
    }),
  );
  sftp.on('OPENDIR', (id, name) =>
    answer(id, async () => keep(id, { kind: 'folder', path: name, rest: ['.', '..', ...(await tree.list(name))] })),
  );
  sftp.on('READDIR', (id, handle) =>
    answer(id, async () => {
      const folder = find(handle);
      if (folder.kind !== 'folder') throw new TreeError('ENOTDIR', 'Not a directory');
      const names = folder.rest.splice(0, NAMES_PER_ANSWER);
      if (names.length === 0) {
        sftp.status(id, STATUS_CODE.EOF);
        return;
      }
      const stats = await Promise.all(names.map((name) => tree.lstat(`${folder.path}/${name}`)));
      sftp.name(
        id,
        stats.map((stat, index) => {
          const filename = names[index] ?? '';
          return { filename, longname: longListing(filename, stat), attrs: attributes(stat) };
        }),
      );
    }),
  );
  sftp.on('REMOVE', (id, name) => answer(id, () => tree.unlink(name).then(() => ok(id))));
  sftp.on('RMDIR', (id, name) => answer(id, () => tree.rmdir(name).then(() => ok(id))));
  sftp.on('MKDIR', (id, name) => answer(id, () => tree.mkdir(name, false).then(() => ok(id))));
  sftp.on('RENAME', (id, from, to) =>
    answer(id, async () => {
      await tree.lstat(to).then(
        () => {
          throw new TreeError('EEXIST', 'File exists');
        },
        () => undefined,
      );
      await tree.rename(from, to);
      ok(id);
    }),
  );
  sftp.on('REALPATH', (id, name) =>
    answer(id, async () => {
      const filename = tree.absolute(name);
      await tree.resolve(filename);
      sftp.name(id, [{ filename, longname: filename, attrs: {} as Attributes }]);
    }),
  );
  sftp.on('READLINK', (id, name) =>
    answer(id, async () => {
      const filename = await tree.readlink(name);
      sftp.name(id, [{ filename, longname: filename, attrs: {} as Attributes }]);
    }),
  );
  // ssh2 has already put the two paths in the order of its event's name for clients that swap them.
  sftp.on('SYMLINK', (id, linkPath, target) => answer(id, () => tree.symlink(target, linkPath).then(() => ok(id))));

  // The client has said all: the server program ends, and its channel with it.
  sftp.on('end', () => {
    last = last.then(() => {
      closeAll(handles);
      reportSuccess(sftp);
      sftp.end();
    });
  });
  sftp.on('close', () => closeAll(handles));
}

/**
 * Exit status 0 of the server program, without which `scp` reports a failure. ssh2 offers that for commands and shells
 * only, so this goes through the field that its own channels use.
 */
function reportSuccess(sftp: SFTPWrapper): void {
  const inside = sftp as unknown as {
    readonly _protocol: { exitStatus(channel: number, status: number): void };
    readonly outgoing: { readonly id: number; readonly state: string };
  };
  if (inside.outgoing.state === 'open') inside._protocol.exitStatus(inside.outgoing.id, 0);
}

function closeAll(handles: Map<number, Handle>): void {
  for (const handle of handles.values()) if (handle.kind === 'file') void handle.file.close().catch(() => undefined);
  handles.clear();
}

/** How many of `length` bytes still arrive before the link breaks; null: all of them, and it holds. */
function dropAfter(faults: BoardFaults, length: number): number | null {
  if (faults.dropAfterUploadBytes === undefined) return null;
  faults.dropAfterUploadBytes -= length;
  if (faults.dropAfterUploadBytes > 0) return null;
  const arrived = length + faults.dropAfterUploadBytes;
  delete faults.dropAfterUploadBytes;
  return Math.max(0, arrived);
}

function flipByte(faults: BoardFaults, data: Buffer, offset: number): void {
  const at = (faults.flipUploadedByte ?? -1) - offset;
  const value = data[at];
  if (at < 0 || value === undefined) return;
  data[at] = value ^ 0xff;
  delete faults.flipUploadedByte;
}

function openFlags(sftpFlags: number): number {
  const read = (sftpFlags & OPEN_MODE.READ) !== 0;
  const write = (sftpFlags & OPEN_MODE.WRITE) !== 0;
  let flags = write ? (read ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  if ((sftpFlags & OPEN_MODE.CREAT) !== 0) flags |= constants.O_CREAT;
  if ((sftpFlags & OPEN_MODE.TRUNC) !== 0) flags |= constants.O_TRUNC;
  if ((sftpFlags & OPEN_MODE.EXCL) !== 0) flags |= constants.O_EXCL;
  return flags;
}

async function setAttributes(real: string, attrs: Partial<Attributes>): Promise<void> {
  if (attrs.size !== undefined) await truncate(real, attrs.size);
  if (attrs.mode !== undefined) await chmod(real, attrs.mode & 0o7777);
  if (attrs.atime !== undefined && attrs.mtime !== undefined) await utimes(real, attrs.atime, attrs.mtime);
}

/** Everything on a board belongs to root (spec board.md 3.2), whoever runs the embedded one. */
function attributes(stat: Stats): Attributes {
  const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
  return {
    mode: stat.mode,
    uid: 0,
    gid: 0,
    size: stat.size,
    atime: seconds(stat.atimeMs),
    mtime: seconds(stat.mtimeMs),
  };
}

/** The mapping of OpenSSH's sftp-server; every other error is "Failure". */
const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  ENOENT: STATUS_CODE.NO_SUCH_FILE,
  EBADF: STATUS_CODE.NO_SUCH_FILE,
  ELOOP: STATUS_CODE.NO_SUCH_FILE,
  EPERM: STATUS_CODE.PERMISSION_DENIED,
  EACCES: STATUS_CODE.PERMISSION_DENIED,
  EINVAL: STATUS_CODE.BAD_MESSAGE,
  ENAMETOOLONG: STATUS_CODE.BAD_MESSAGE,
};

const TEXT_BY_CODE: Readonly<Record<string, string>> = {
  ENOENT: 'No such file',
  EPERM: 'Permission denied',
  EACCES: 'Permission denied',
};
