import { createHash, timingSafeEqual } from 'node:crypto';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ssh2, { type AuthContext, type Connection, type PublicKeyAuthContext } from 'ssh2';
import { fingerprintOf } from '../fingerprint';
import type { BoardFaults } from './faults';
import { layOutBoard } from './files';
import { embeddedKinds, type EmbeddedKindName } from './kinds';
import { serveSession, type SessionHost } from './session';
import { BoardTree } from './tree';

export type { BoardFaults } from './faults';
export type { EmbeddedKindName } from './kinds';

// ssh2 is CommonJS: Node finds no named exports in it where it stays outside the bundle.
const { Server, utils } = ssh2;

const HOST_KEY_FILE = 'etc/ssh/ssh_host_ed25519_key';

export interface EmbeddedBoardOptions {
  readonly kind: EmbeddedKindName;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Folder that is the board's `/`. Default: a fresh temporary folder, removed by `stop`. */
  readonly root?: string;
  /** Private host key (OpenSSH or PEM text). Default: the one in the root folder, made at the first start. */
  readonly hostKey?: string;
  readonly faults?: BoardFaults;
}

export interface EmbeddedBoard {
  readonly kind: EmbeddedKindName;
  readonly host: '127.0.0.1';
  readonly port: number;
  /** The board's `/` on this machine. */
  readonly root: string;
  /** `SHA256:…` of the host key, as `ssh` shows it. */
  readonly fingerprint: string;
  /** Password of `root`. */
  readonly password: string;
  /** May be changed while the board runs. */
  readonly faults: BoardFaults;
  /** Breaks every open connection; the board goes on listening. */
  dropConnections(): void;
  stop(): Promise<void>;
}

/**
 * Starts a board that lives in this process: an SSH server on the loopback address with a MaixCAM's files, logins and
 * commands (spec board.md 2–4). Throws what `listen` throws, e.g. where the port is taken.
 */
export async function startEmbeddedBoard(options: EmbeddedBoardOptions): Promise<EmbeddedBoard> {
  const kind = embeddedKinds[options.kind];
  const faults = options.faults ?? {};
  const temporary = options.root === undefined;
  const root = options.root ?? (await mkdtemp(path.join(tmpdir(), 'maixcam-board-')));
  /** Open sockets by the client's port. */
  const sockets = new Map<number, Socket>();
  try {
    await layOutBoard(root, kind);
    const hostKey = options.hostKey ?? (await hostKeyIn(root, faults.newHostKey === true));
    const parsed = utils.parseKey(hostKey);
    if (parsed instanceof Error) throw parsed;
    const tree = new BoardTree(root, faults, kind.rootBytes);
    const ssh = new Server({ hostKeys: [hostKey], ident: 'MaixCAM-embedded' }, (connection, info) => {
      serveConnection(connection, { kind, tree, faults, drop: () => sockets.get(info.port)?.destroy() });
    });
    // Own sockets: closing one is how a link breaks, and ssh2 has no public way to do that from the server's side.
    const server = createServer({ noDelay: true }, (socket) => {
      const remotePort = socket.remotePort ?? 0;
      sockets.set(remotePort, socket);
      socket.on('close', () => sockets.delete(remotePort));
      ssh.injectSocket(socket);
    });
    const port = await listen(server, options.port ?? 0);
    const dropConnections = (): void => sockets.forEach((socket) => socket.destroy());
    return {
      kind: options.kind,
      host: '127.0.0.1',
      port,
      root,
      fingerprint: fingerprintOf(parsed.getPublicSSH()),
      password: kind.password,
      faults,
      dropConnections,
      stop: async () => {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        dropConnections();
        await closed;
        if (temporary) await rm(root, { recursive: true, force: true });
      },
    };
  } catch (thrown) {
    if (temporary) await rm(root, { recursive: true, force: true });
    throw thrown;
  }
}

/** Makes a host key as a board does at its first boot. */
export function newHostKey(): string {
  for (;;) {
    const key = utils.generateKeyPairSync('ed25519', { comment: 'embedded board' }).private;
    // ssh2 1.17 strips zero bytes from the front of a public key: one key in 256 is of no use.
    if (!(utils.parseKey(key) instanceof Error)) return key;
  }
}

function serveConnection(connection: Connection, host: SessionHost): void {
  // A connection that ends without a goodbye is an ordinary day for a server.
  connection.on('error', () => undefined);
  connection.on('authentication', (context) => {
    admits(context, host).then(
      (yes) => (yes ? context.accept() : context.reject(['publickey', 'password'])),
      () => context.reject(['publickey', 'password']),
    );
  });
  connection.on('session', (accept) => serveSession(accept(), host));
}

async function admits(context: AuthContext, { kind, tree, faults }: SessionHost): Promise<boolean> {
  if (context.username !== 'root') return false;
  if (context.method === 'password') {
    return faults.refusePassword !== true && samePassword(context.password, kind.password);
  }
  return context.method === 'publickey' && (await keyIsAuthorized(context, tree));
}

async function keyIsAuthorized(context: PublicKeyAuthContext, tree: BoardTree): Promise<boolean> {
  const text = await readFile(await tree.resolve('/root/.ssh/authorized_keys'), 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    const key = utils.parseKey(line.trim());
    if (key instanceof Error || !key.getPublicSSH().equals(context.key.data)) continue;
    // Without a signature the client only asks whether this key would do.
    if (context.signature === undefined || context.blob === undefined) return true;
    return key.verify(context.blob, context.signature, context.hashAlgo);
  }
  return false;
}

function samePassword(given: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}

async function hostKeyIn(root: string, fresh: boolean): Promise<string> {
  const file = path.join(root, HOST_KEY_FILE);
  const kept = fresh ? null : await readFile(file, 'utf8').catch(() => null);
  if (kept !== null) return kept;
  const key = newHostKey();
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, key, { mode: 0o600 });
  return key;
}

function listen(server: NetServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
