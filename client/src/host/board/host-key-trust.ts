import { AppError } from '../../../../server/src/core/problems/app-error';
import type { Environment } from '../process/environment';
import { connectBoard } from './connection';
import type { BoardAddress } from './errors';
import { memoryHostKeys, userHostKeys, type PinnedKey } from './host-keys';

/** What is known of the host key that a board shows now. */
export type HostKeyState =
  | { readonly state: 'known' }
  /** First contact. */
  | { readonly state: 'new'; readonly key: PinnedKey }
  | { readonly state: 'changed'; readonly key: PinnedKey; readonly pinned: PinnedKey };

/**
 * Asks a board for its host key and compares it with the remembered one, so that a person can be shown the fingerprint
 * before anything secret is sent (spec decisions.md 6). Nothing is remembered and no login is tried.
 *
 * @throws AppError `BOARD_UNREACHABLE`, `HOST_KEYS_UNREADABLE`, `CANCELLED`
 */
export async function lookAtHostKey(
  address: BoardAddress,
  env: Environment,
  signal?: AbortSignal,
): Promise<HostKeyState> {
  const pinned = await userHostKeys(env).get(address.host, address.port);
  const place = `${address.host.toLowerCase()}:${address.port}`;
  const state: { seen: PinnedKey | null } = { seen: null };
  try {
    const connection = await connectBoard({
      ...address,
      signal,
      hostKeys: memoryHostKeys(pinned === null ? {} : { [place]: pinned }),
      acceptNewHostKey: true,
      onNewHostKey: (key) => {
        state.seen = key;
      },
    });
    connection.close();
  } catch (thrown) {
    // Without key and password no board lets anyone in; its host key was shown before that.
    if (!(thrown instanceof AppError) || thrown.code !== 'BOARD_AUTH_FAILED') throw thrown;
  }
  if (state.seen === null) return { state: 'known' };
  return pinned === null ? { state: 'new', key: state.seen } : { state: 'changed', key: state.seen, pinned };
}

/** Remembers a host key that a person has confirmed; CLI and extension share the list. */
export async function trustHostKey(address: BoardAddress, key: PinnedKey, env: Environment): Promise<void> {
  await userHostKeys(env).set(address.host, address.port, key);
}

/**
 * Whether a board lets this login in, with ssh-agent (`SSH_AUTH_SOCK`) and the password where one is given.
 *
 * @throws AppError `BOARD_UNREACHABLE`, `HOST_KEY_CHANGED`, `CANCELLED`
 */
export async function boardAccepts(
  address: BoardAddress,
  password: string | undefined,
  env: Environment,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    const connection = await connectBoard({
      ...address,
      signal,
      agent: env.SSH_AUTH_SOCK === '' ? undefined : env.SSH_AUTH_SOCK,
      password: password === undefined ? undefined : () => Promise.resolve(password),
      hostKeys: userHostKeys(env),
    });
    connection.close();
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'BOARD_AUTH_FAILED') return false;
    throw thrown;
  }
}
