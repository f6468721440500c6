import { AppError } from '../../../../server/src/core/problems/app-error';

/** Where a board is, as messages name it. */
export interface BoardAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** The work was stopped by the person, not by a fault. */
export function pushCancelled(): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: 'Cancelled.',
    hint: 'Nothing half-made was left on the board. Run the command again to continue.',
    kind: 'cancelled',
  });
}

const place = ({ host, port }: BoardAddress): string => (port === 22 ? host : `${host} port ${port}`);

export function unreachable(address: BoardAddress, why: string, cause?: unknown): AppError {
  return new AppError({
    code: 'BOARD_UNREACHABLE',
    message: `No board answers at ${place(address)}: ${why}.`,
    hint: 'Check that the board is on, that the address is right and that this computer is in the same network (over USB the board is 10.x.y.1; a charge-only cable does not connect).',
    cause,
  });
}

/** Spec board.md 0.1: the passwords of the stock images. */
export function authFailed(address: BoardAddress, triedPassword: boolean): AppError {
  const why = triedPassword ? 'the password was not accepted' : 'no key was accepted, and there was no password to try';
  return new AppError({
    code: 'BOARD_AUTH_FAILED',
    message: `The board at ${place(address)} refused the login as ${address.user}: ${why}.`,
    hint: 'On a fresh image the password of root is "sipeed" on MaixCAM2 and "root" on MaixCAM and MaixCAM-Pro. Give it in MAIXCAM_PASSWORD or at the prompt, or use a key (--identity, ssh-agent).',
  });
}

export function linkLost(address: BoardAddress, cause?: unknown): AppError {
  return new AppError({
    code: 'BOARD_LINK_LOST',
    message: `The connection to the board at ${place(address)} broke off.`,
    hint: 'Check cable, Wi-Fi and power, then run the command again: files that arrived whole are not sent twice.',
    cause,
  });
}

/** Spec board.md 2: the key of a board changes with a re-flash, and some boards share one. */
export function hostKeyChanged(address: BoardAddress, known: string, seen: string): AppError {
  return new AppError({
    code: 'HOST_KEY_CHANGED',
    message: `The board at ${place(address)} shows another host key than before: ${seen} instead of ${known}. A re-flash makes a new key; another machine at this address has another key too.`,
    hint: 'If you flashed the board anew or connected another board, run the command again with --accept-new-host-key. If not, find out which machine answers at this address before giving it a password.',
  });
}

export function noSpace(folder: string, needed: number, available: number): AppError {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  return new AppError({
    code: 'BOARD_NO_SPACE',
    message: `The board has not enough space for ${folder}: ${megabytes(needed)} are needed, ${megabytes(available)} are free.`,
    hint: 'Remove models that you no longer use from /root/models. A freshly flashed MaixCAM grows its file system in the background: wait a minute after the first start.',
  });
}

/** Spec board.md 3.4: ext4 on MaixCAM2 goes read-only after a disk error. */
export function readOnly(folder: string): AppError {
  return new AppError({
    code: 'BOARD_READ_ONLY',
    message: `The board's file system is read-only, so nothing can be written to ${folder}. MaixCAM2 does that after a disk error.`,
    hint: 'Restart the board, which checks the file system; if it happens again, save your files and flash the image anew.',
  });
}

export function hashMismatch(remote: string): AppError {
  return new AppError({
    code: 'BOARD_HASH_MISMATCH',
    message: `${remote} did not arrive as it was sent: its SHA-256 on the board differs.`,
    hint: 'Run the command again. If it happens more than once, check the cable and the board’s card.',
  });
}
