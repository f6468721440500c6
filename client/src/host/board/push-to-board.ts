import type { Progress } from '../process/progress';
import { connectBoard, type BoardConnection, type ConnectOptions } from './connection';
import type { HostKeyStore } from './host-keys';
import { openLocalModel } from './local-model';
import { pushModel, type PushResult } from './push';

/** A board to push to, and how to log in there. */
export interface BoardLogin {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Socket of an ssh-agent, usually `SSH_AUTH_SOCK`. */
  readonly agent?: string | undefined;
  /** Private key file. */
  readonly identity?: string | undefined;
  /** Asked at most once, and only where agent and key are not enough. */
  readonly password?: ((signal: AbortSignal) => Promise<string | undefined>) | undefined;
  readonly hostKeys: HostKeyStore;
  readonly acceptNewHostKey?: boolean | undefined;
  /** Says a line to the person at once: the fingerprint on first contact. */
  readonly say?: ((line: string) => void) | undefined;
}

export interface PushJob {
  readonly login: BoardLogin;
  /** MUD file on this machine. */
  readonly mud: string;
  /** Absolute folder on the board; default: one named after the MUD in /root/models. */
  readonly folder?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: Progress | undefined;
}

/**
 * The whole job: reads the MUD, finds its files, logs in, pushes, logs out.
 *
 * @throws AppError those of `openLocalModel`, `connectBoard` and `pushModel`
 */
export async function pushToBoard(job: PushJob): Promise<PushResult> {
  const { signal } = job;
  const model = openLocalModel(job.mud, job.folder);
  const connect = loginOf(job.login);
  job.progress?.report({
    step: 'push',
    fraction: null,
    message: `connecting to ${job.login.host}`,
    stage: 'connecting',
  });
  const connection = await connect(signal);
  try {
    return await pushModel({
      connection,
      plan: model.plan,
      folder: model.folder,
      dryRun: job.dryRun === true,
      signal,
      ...(job.progress === undefined ? {} : { progress: job.progress }),
      reconnect: connect,
    });
  } finally {
    connection.close();
  }
}

/** Logs in as often as needed, asking for the password once. */
function loginOf(login: BoardLogin): (signal?: AbortSignal) => Promise<BoardConnection> {
  let password: Promise<string | undefined> | undefined;
  const { password: ask, say } = login;
  const options: ConnectOptions = {
    ...login,
    password: ask === undefined ? undefined : (signal) => (password ??= ask(signal)),
    onNewHostKey: (key, replaces) => {
      const place = login.port === 22 ? login.host : `${login.host}:${login.port}`;
      say?.(
        replaces === null
          ? `First contact with ${place}. Its host key is remembered: ${key.type} ${key.fingerprint}`
          : `The host key of ${place} is replaced: ${key.type} ${key.fingerprint}`,
      );
    },
  };
  return (signal) => connectBoard({ ...options, signal });
}
