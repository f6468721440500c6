import ssh2, {
  type AlgorithmList,
  type AuthenticationType,
  type Client as SshClient,
  type ClientChannel,
  type NextAuthHandler,
  type ServerHostKeyAlgorithm,
  type SFTPWrapper,
} from 'ssh2';
import { AppError, messageOf } from '../../../../server/src/core/problems/app-error';
import { authFailed, hostKeyChanged, linkLost, pushCancelled, unreachable, type BoardAddress } from './errors';
import { fingerprintOf } from './fingerprint';
import type { HostKeyStore, PinnedKey } from './host-keys';
import { readIdentity } from './identity';
import { startPatience } from './patience';
import { quoteCommand } from './quote';

const CONNECT_TIMEOUT_MS = 10_000;
const KEEPALIVE_MS = 5_000;
const KEEPALIVE_MISSES = 3;
/** More output than any command of a push gives. */
const MAX_OUTPUT = 1 << 20;

export interface ConnectOptions extends BoardAddress {
  /** Socket of an ssh-agent. */
  readonly agent?: string | undefined;
  /** Private key file. */
  readonly identity?: string | undefined;
  /**
   * Asked only where agent and key were not enough; undefined: there is none. The signal is aborted when the login has
   * failed meanwhile, so that nobody is asked any longer.
   */
  readonly password?: ((signal: AbortSignal) => Promise<string | undefined>) | undefined;
  readonly hostKeys: HostKeyStore;
  /** Trust a key that differs from the pinned one, and pin it. */
  readonly acceptNewHostKey?: boolean | undefined;
  /** Told before anything secret is sent: the key is seen for the first time, or replaces the pinned one. */
  readonly onNewHostKey?: ((key: PinnedKey, replaces: PinnedKey | null) => void) | undefined;
  /** How long the board may take for the login, without the time in which the password is typed. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CommandOutcome {
  /** Exit status; null where a signal ended the command. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An open login on a board. */
export interface BoardConnection {
  readonly address: BoardAddress;
  /** `SHA256:…` of the board's host key. */
  readonly fingerprint: string;
  readonly closed: boolean;
  /** Rejects with `BOARD_LINK_LOST` when the link breaks; never resolves. For racing against work of one's own. */
  readonly lost: Promise<never>;
  /** Runs a command; every argument arrives as it is. A status other than 0 is an outcome, not an error. */
  run(args: readonly string[], signal?: AbortSignal): Promise<CommandOutcome>;
  /** Runs commands one after the other while they succeed (`a && b`), in one go on the board. */
  runAll(commands: readonly (readonly string[])[], signal?: AbortSignal): Promise<CommandOutcome>;
  /** The SFTP session of this connection, opened at the first call. */
  sftp(): Promise<SFTPWrapper>;
  close(): void;
}

/**
 * Logs in. Order: agent, key file, password. The host key is checked before anything secret is sent: pinned on first
 * use, blocked when changed (spec decisions.md 6).
 *
 * @throws AppError `BOARD_UNREACHABLE`, `BOARD_AUTH_FAILED`, `HOST_KEY_CHANGED`, `IDENTITY_…`, `CANCELLED`
 */
export async function connectBoard(options: ConnectOptions): Promise<BoardConnection> {
  const { host, port, user, signal, identity } = options;
  const address: BoardAddress = { host, port, user };
  const key = identity === undefined ? undefined : await readIdentity(identity);
  const pinned = await options.hostKeys.get(host, port);
  try {
    return await login(address, options, pinned, key, options.agent);
  } catch (thrown) {
    // A server counts every key of a full agent as a try and hangs up before key file and password had theirs.
    if (!(thrown instanceof TooManyTries) || signal?.aborted === true) throw thrown;
    return await login(address, options, pinned, key, undefined);
  }
}

class TooManyTries extends Error {}

async function login(
  address: BoardAddress,
  options: ConnectOptions,
  pinned: PinnedKey | null,
  key: Buffer | undefined,
  agent: string | undefined,
): Promise<BoardConnection> {
  const { signal } = options;
  if (signal?.aborted === true) throw pushCancelled();
  const client = new ssh2.Client();
  const ended = new AbortController();
  const ask = options.password;
  const authentication = authenticator(
    address.user,
    agent,
    key,
    ask === undefined ? undefined : () => patience.pauseFor(ask(ended.signal)),
  );
  let giveUp = (): void => undefined;
  const patience = startPatience(options.timeoutMs ?? CONNECT_TIMEOUT_MS, () => giveUp());
  const state: { seen: PinnedKey | null; refused: Error | null } = { seen: null, refused: null };

  return await new Promise<BoardConnection>((resolve, reject) => {
    const fail = (error: Error): void => {
      signal?.removeEventListener('abort', onAbort);
      patience.stop();
      client.destroy();
      reject(error);
      ended.abort();
    };
    const onAbort = (): void => fail(pushCancelled());
    giveUp = () => fail(unreachable(address, 'it did not answer in time'));
    signal?.addEventListener('abort', onAbort, { once: true });
    // An error of the agent is not the end: the next method has its turn.
    client.on('error', (error: Error & { level?: string }) => {
      if (error.level === 'agent') return;
      fail(state.refused ?? explain(error, address, authentication.tried));
    });
    client.on('close', () => {
      const { tried } = authentication;
      if (state.refused !== null) fail(state.refused);
      else if (
        tried.agent &&
        !tried.asking &&
        !tried.password &&
        (key !== undefined || options.password !== undefined)
      ) {
        fail(new TooManyTries());
      } else {
        const doing = tried.asking ? 'while it waited for the password' : 'before the login was done';
        fail(unreachable(address, `it closed the connection ${doing}`));
      }
    });
    // The key exchange is done, so the server has proved that it owns the key.
    client.on('handshake', () => {
      if (state.seen !== null && state.seen.fingerprint !== pinned?.fingerprint) {
        options.hostKeys.set(address.host, address.port, state.seen).catch(fail);
      }
    });
    client.on('ready', () => {
      patience.stop();
      signal?.removeEventListener('abort', onAbort);
      // A push is many short exchanges: waiting to fill packets would cost 40 ms each.
      client.setNoDelay(true);
      resolve(new OpenBoard(client, address, state.seen?.fingerprint ?? ''));
    });
    client.connect({
      host: address.host,
      port: address.port,
      username: address.user,
      // Its time would run on while the password is typed.
      readyTimeout: 0,
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: KEEPALIVE_MISSES,
      ...(agent === undefined ? {} : { agent }),
      ...(pinned === null ? {} : { algorithms: { serverHostKey: preferring(pinned.type) } }),
      hostVerifier: (wire: Buffer) => {
        const fingerprint = fingerprintOf(wire);
        // Long transfers exchange keys again.
        if (state.seen !== null) return state.seen.fingerprint === fingerprint;
        state.seen = { fingerprint, type: keyType(wire) };
        if (state.seen.fingerprint === pinned?.fingerprint) return true;
        if (pinned !== null && options.acceptNewHostKey !== true) {
          state.refused = hostKeyChanged(address, pinned.fingerprint, state.seen.fingerprint);
          return false;
        }
        options.onNewHostKey?.(state.seen, pinned);
        return true;
      },
      authHandler: (left, _partial, next) => void authentication.next(left, next).catch(fail),
    });
  });
}

interface Tried {
  agent: boolean;
  /** A person is asked right now. */
  asking: boolean;
  password: boolean;
}

/** Offers one method after the other; the password is asked for only when its turn comes. */
function authenticator(
  username: string,
  agent: string | undefined,
  key: Buffer | undefined,
  password: (() => Promise<string | undefined>) | undefined,
): { tried: Tried; next(left: readonly AuthenticationType[] | null, next: NextAuthHandler): Promise<void> } {
  const tried: Tried = { agent: false, asking: false, password: false };
  const methods = [
    ...(agent === undefined ? [] : (['agent'] as const)),
    ...(key === undefined ? [] : (['publickey'] as const)),
    ...(password === undefined ? [] : (['password'] as const)),
  ];
  return {
    tried,
    async next(left, next) {
      const takes = (method: AuthenticationType): boolean => left === null || left.includes(method);
      for (let method = methods.shift(); method !== undefined; method = methods.shift()) {
        if (method === 'agent' && agent !== undefined && takes('publickey')) {
          tried.agent = true;
          next({ type: 'agent', agent, username });
          return;
        }
        if (method === 'publickey' && key !== undefined && takes('publickey')) {
          next({ type: 'publickey', username, key });
          return;
        }
        if (method === 'password' && takes('password')) {
          tried.asking = true;
          const secret = await password?.();
          tried.asking = false;
          if (secret === undefined) continue;
          tried.password = true;
          next({ type: 'password', username, password: secret });
          return;
        }
      }
      // ssh2 ends the login here; its types do not know of `false`.
      (next as unknown as (nothing: false) => void)(false);
    },
  };
}

function explain(error: Error & { level?: string; code?: string }, address: BoardAddress, tried: Tried): Error {
  if (error.level === 'client-authentication') return authFailed(address, tried.password);
  if (error.level === 'client-timeout') return unreachable(address, 'it did not answer in time', error);
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'the connection was refused, no SSH server listens there',
    ENOTFOUND: 'the name is not known',
    EAI_AGAIN: 'the name could not be looked up',
    EHOSTUNREACH: 'there is no way to that address',
    ENETUNREACH: 'there is no network to that address',
    ETIMEDOUT: 'it did not answer in time',
  };
  return unreachable(address, reasons[error.code ?? ''] ?? messageOf(error), error);
}

/** The type that an SSH public key in wire form begins with. */
function keyType(wire: Buffer): string {
  return wire.subarray(4, 4 + wire.readUInt32BE(0)).toString('latin1');
}

const RSA: readonly ServerHostKeyAlgorithm[] = ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'];
const SIGNATURES: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': RSA,
};

/** The pinned key's algorithms come first, so that a board with several keys shows the same one again. */
function preferring(type: string): AlgorithmList<ServerHostKeyAlgorithm> {
  const first = [...(SIGNATURES[type] ?? [])];
  // ssh2 works through these in order, and does not move what is in its list already.
  return { remove: first, prepend: first, append: [] };
}

class OpenBoard implements BoardConnection {
  closed = false;
  readonly lost: Promise<never>;
  private session: Promise<SFTPWrapper> | undefined;

  constructor(
    private readonly client: SshClient,
    readonly address: BoardAddress,
    readonly fingerprint: string,
  ) {
    this.lost = new Promise<never>((_, reject) => {
      let cause: unknown;
      client.on('error', (error) => {
        cause = error;
      });
      client.on('close', () => {
        this.closed = true;
        reject(linkLost(address, cause));
      });
    });
    // Whoever works on the connection races against it; with nobody there, nothing is to be told.
    this.lost.catch(() => undefined);
  }

  run(args: readonly string[], signal?: AbortSignal): Promise<CommandOutcome> {
    return this.execute(quoteCommand(args), signal);
  }

  runAll(commands: readonly (readonly string[])[], signal?: AbortSignal): Promise<CommandOutcome> {
    return this.execute(commands.map(quoteCommand).join(' && '), signal);
  }

  async sftp(): Promise<SFTPWrapper> {
    this.session ??= new Promise<SFTPWrapper>((resolve, reject) => {
      this.client.sftp((error, sftp) => {
        if (error === undefined) resolve(sftp);
        else reject(linkLost(this.address, error));
      });
    });
    this.session.catch(() => undefined);
    return await Promise.race([this.session, this.lost]);
  }

  close(): void {
    this.closed = true;
    this.client.end();
    // Whatever the other side does, nothing stays open here.
    setTimeout(() => this.client.destroy(), 500).unref();
  }

  private async execute(line: string, signal?: AbortSignal): Promise<CommandOutcome> {
    if (signal?.aborted === true) throw pushCancelled();
    const work = new Promise<CommandOutcome>((resolve, reject) => {
      this.client.exec(line, (error, channel) => {
        if (error !== undefined) {
          reject(linkLost(this.address, error));
          return;
        }
        const onAbort = (): void => {
          channel.close();
          reject(pushCancelled());
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        collect(channel, (outcome) => {
          signal?.removeEventListener('abort', onAbort);
          // Without an exit status the channel was cut off with the link.
          if (outcome === null) reject(linkLost(this.address));
          else resolve(outcome);
        });
      });
    });
    try {
      return await Promise.race([work, this.lost]);
    } catch (thrown) {
      // ssh2 throws at once where it already knows that nobody is there.
      throw thrown instanceof AppError ? thrown : linkLost(this.address, thrown);
    }
  }
}

function collect(channel: ClientChannel, done: (outcome: CommandOutcome | null) => void): void {
  const texts = { out: [] as Buffer[], err: [] as Buffer[], size: 0 };
  const keep = (list: Buffer[]) => (chunk: Buffer) => {
    texts.size += chunk.length;
    if (texts.size <= MAX_OUTPUT) list.push(chunk);
  };
  let exit: { status: number | null } | null = null;
  channel.on('data', keep(texts.out));
  channel.stderr.on('data', keep(texts.err));
  channel.on('exit', (status: number | null) => {
    exit = { status };
  });
  channel.on('close', () => {
    const text = (list: Buffer[]): string => Buffer.concat(list).toString('utf8');
    done(exit === null ? null : { status: exit.status, stdout: text(texts.out), stderr: text(texts.err) });
  });
  channel.end();
}
