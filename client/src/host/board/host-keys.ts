import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';

/** A host key as it is remembered. */
export interface PinnedKey {
  /** `SHA256:…`. */
  readonly fingerprint: string;
  /** Key type in wire form, e.g. `ssh-ed25519`: asked for again, because a board has several keys. */
  readonly type: string;
}

/** Remembers the host keys of boards by address (spec decisions.md 6). */
export interface HostKeyStore {
  get(host: string, port: number): Promise<PinnedKey | null>;
  set(host: string, port: number, key: PinnedKey): Promise<void>;
}

/** A store that lives as long as its object, e.g. for the embedded board, whose key is known beforehand. */
export function memoryHostKeys(initial: Readonly<Record<string, PinnedKey>> = {}): HostKeyStore {
  const keys = new Map(Object.entries(initial));
  return {
    get: (host, port) => Promise.resolve(keys.get(name(host, port)) ?? null),
    set: (host, port, key) => {
      keys.set(name(host, port), key);
      return Promise.resolve();
    },
  };
}

/** A store in a JSON file, `{"host:port": {"fingerprint", "type"}}`; replaced as a whole, so never half-written. */
export function fileHostKeys(file: string): HostKeyStore {
  return {
    async get(host, port) {
      return (await readKeys(file))[name(host, port)] ?? null;
    },
    async set(host, port, key) {
      const keys = { ...(await readKeys(file)), [name(host, port)]: key };
      await mkdir(path.dirname(file), { recursive: true });
      const part = `${file}.${process.pid}.part`;
      await writeFile(part, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
      await rename(part, file);
    },
  };
}

/**
 * Folder for what has to outlive the cache, pinned keys first: `MAIXCAM_CONFIG_DIR`, else `maixcam-workbench` in the
 * system's place for configuration.
 */
export function configFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = os.homedir(),
): string {
  if (env.MAIXCAM_CONFIG_DIR !== undefined && env.MAIXCAM_CONFIG_DIR !== '') {
    return path.resolve(env.MAIXCAM_CONFIG_DIR);
  }
  const xdg = env.XDG_CONFIG_HOME;
  const base =
    platform === 'win32'
      ? (env.APPDATA ?? path.join(home, 'AppData', 'Roaming'))
      : platform === 'darwin'
        ? path.join(home, 'Library', 'Application Support')
        : xdg !== undefined && path.isAbsolute(xdg)
          ? xdg
          : path.join(home, '.config');
  return path.join(base, 'maixcam-workbench');
}

/** The store that the terminal program and the extension share. */
export function userHostKeys(env?: Readonly<Record<string, string | undefined>>): HostKeyStore {
  return fileHostKeys(userHostKeysFile(env));
}

/** Where that store lies. */
export function userHostKeysFile(env?: Readonly<Record<string, string | undefined>>): string {
  return path.join(configFolder(env), 'known-boards.json');
}

const name = (host: string, port: number): string => `${host.toLowerCase()}:${port}`;

async function readKeys(file: string): Promise<Record<string, PinnedKey>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw unreadable(file, error);
  }
  try {
    const keys: unknown = JSON.parse(text);
    if (typeof keys !== 'object' || keys === null) throw new TypeError('no object');
    return keys as Record<string, PinnedKey>;
  } catch (error) {
    // Going on as if no board were known would accept any key.
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): AppError {
  return new AppError({
    code: 'HOST_KEYS_UNREADABLE',
    message: `The list of known boards cannot be read: ${file}.`,
    hint: 'Repair or remove the file; boards are then asked for their key as on first contact.',
    cause,
  });
}
