import { createHash } from 'node:crypto';

/** Fingerprint of a public host key in wire form, as `ssh` and `ssh-keygen -l` show it: `SHA256:` and base64. */
export function fingerprintOf(publicKey: Buffer): string {
  return `SHA256:${createHash('sha256').update(publicKey).digest('base64').replace(/=+$/, '')}`;
}
