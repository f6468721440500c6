import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { SFTPWrapper } from 'ssh2';
import { pushCancelled } from './errors';

/** Bytes of one SFTP write: every server takes that much. */
const CHUNK = 32 * 1024;
/** Writes under way at once: one write that waits for the last makes 2 MB take seconds over any link. */
const WINDOW = 64;
/** Bytes of one read from the local disk. */
const BLOCK = 8 * CHUNK;

export interface UploadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told the bytes that the board has confirmed since the last call. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Rejects when the link is lost. */
  readonly lost: Promise<never>;
}

/**
 * Writes a file of this machine to the board and gives the length and SHA-256 of what was sent. What lies at the remote
 * path is replaced; after a failure a part of the file is left there.
 *
 * @throws AppError `CANCELLED`, what `lost` rejects with, or the SFTP error (`code` is the SFTP status)
 */
export async function uploadFile(
  sftp: SFTPWrapper,
  local: string,
  remote: string,
  options: UploadOptions,
): Promise<{ bytes: number; sha256: string }> {
  const source = await open(local, 'r');
  try {
    const handle = await Promise.race([openRemote(sftp, remote), options.lost]);
    const sent = await sendAll(source, sftp, handle, options);
    await Promise.race([closeRemote(sftp, handle), options.lost]);
    return sent;
  } finally {
    await source.close();
  }
}

async function sendAll(
  source: Awaited<ReturnType<typeof open>>,
  sftp: SFTPWrapper,
  handle: Buffer,
  { signal, onBytes, lost }: UploadOptions,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const underWay = new Set<Promise<void>>();
  const failures: Error[] = [];
  let position = 0;
  for (;;) {
    const { bytesRead, buffer } = await source.read(Buffer.allocUnsafe(BLOCK), 0, BLOCK, position);
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    for (let at = 0; at < bytesRead; at += CHUNK) {
      const chunk = buffer.subarray(at, Math.min(bytesRead, at + CHUNK));
      const write = writeChunk(sftp, handle, chunk, position + at)
        .then(() => onBytes?.(chunk.length))
        .catch((error: unknown) => void failures.push(error as Error))
        .finally(() => underWay.delete(write));
      underWay.add(write);
      if (underWay.size >= WINDOW) await Promise.race([...underWay, lost]);
      if (failures[0] !== undefined) throw failures[0];
      if (signal?.aborted === true) throw pushCancelled();
    }
    position += bytesRead;
  }
  await Promise.race([Promise.all(underWay), lost]);
  if (failures[0] !== undefined) throw failures[0];
  if (signal?.aborted === true) throw pushCancelled();
  return { bytes: position, sha256: hash.digest('hex') };
}

function openRemote(sftp: SFTPWrapper, remote: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sftp.open(remote, 'w', 0o644, (error, handle) => (error === undefined ? resolve(handle) : reject(error)));
  });
}

function writeChunk(sftp: SFTPWrapper, handle: Buffer, chunk: Buffer, position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    sftp.write(handle, chunk, 0, chunk.length, position, (error) => (error ? reject(error) : resolve()));
  });
}

function closeRemote(sftp: SFTPWrapper, handle: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    sftp.close(handle, (error) => (error ? reject(error) : resolve()));
  });
}
