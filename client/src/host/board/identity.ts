import { readFile } from 'node:fs/promises';
import ssh2 from 'ssh2';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { readFailure } from '../../../../server/src/node/file-source';

/**
 * Reads a private key file.
 *
 * @throws AppError `IDENTITY_UNREADABLE`, `IDENTITY_ENCRYPTED`, `IDENTITY_INVALID`
 */
export async function readIdentity(file: string): Promise<Buffer> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new AppError({
      code: 'IDENTITY_UNREADABLE',
      message: readFailure(file, error).message,
      hint: 'Give the path of a private key, for example ~/.ssh/id_ed25519.',
      kind: 'usage',
      cause: error,
    });
  }
  const key = ssh2.utils.parseKey(bytes);
  if (!(key instanceof Error) && key.isPrivateKey()) return bytes;
  const encrypted = key instanceof Error && /passphrase|encrypted/i.test(key.message);
  throw encrypted
    ? new AppError({
        code: 'IDENTITY_ENCRYPTED',
        message: `The key ${file} is protected by a passphrase.`,
        hint: `Load it into the agent first: ssh-add ${file}`,
      })
    : new AppError({
        code: 'IDENTITY_INVALID',
        message: `${file} is not a private key in OpenSSH or PEM form.`,
        hint: 'Give the private key, not the .pub file.',
        kind: 'usage',
      });
}
