import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import type { ServerChannel, Session } from 'ssh2';
import { commandDrops, type BoardFaults } from './faults';
import type { EmbeddedKind } from './kinds';
import { serveSftp } from './sftp';
import { runCommandLine, type ShellSession, type Streams } from './shell/run';
import type { BoardTree } from './tree';

export interface SessionHost {
  readonly kind: EmbeddedKind;
  readonly tree: BoardTree;
  readonly faults: BoardFaults;
  /** Breaks the connection without a goodbye. */
  readonly drop: () => void;
}

/** Serves one session channel: SFTP, a command, or a line shell for people who look around. */
export function serveSession(session: Session, host: SessionHost): void {
  let terminal = false;
  session.on('pty', (accept) => {
    terminal = true;
    // ssh2 calls the listener without `accept` where the client wants no answer.
    (accept as typeof accept | undefined)?.();
  });
  session.on('env', (accept) => (accept as typeof accept | undefined)?.());
  session.on('window-change', (accept) => (accept as typeof accept | undefined)?.());
  session.on('sftp', (accept) => serveSftp(accept(), host.tree, host.faults, () => host.drop()));
  session.on('exec', (accept, _, info) => void serveExec(accept(), info.command, host));
  session.on('shell', (accept) => void serveShell(accept(), host, terminal));
}

async function serveExec(channel: ServerChannel, command: string, host: SessionHost): Promise<void> {
  const abort = abortWith(channel);
  // The end of the input must not end the output.
  const shell = newSession(host, abort.signal, channel.iterator({ destroyOnReturn: false }));
  if (commandDrops(host.faults, 'before')) {
    host.drop();
    return;
  }
  const status = await runCommandLine(command, shell, streamsOf(channel));
  if (commandDrops(host.faults, 'after')) {
    host.drop();
    return;
  }
  end(channel, status);
}

async function serveShell(channel: ServerChannel, host: SessionHost, terminal: boolean): Promise<void> {
  const abort = abortWith(channel);
  // In a shell the lines are commands; nothing is left over for a command's own input.
  const shell = newSession(host, abort.signal, new PassThrough().end());
  const streams = streamsOf(channel, terminal);
  const prompt = terminal ? `root@${host.kind.hostname}:# ` : '';
  const lines = createInterface({
    input: channel,
    ...(terminal ? { output: channel, terminal: true, prompt, historySize: 50 } : {}),
  });
  lines.on('SIGINT', () => {
    channel.write('^C\r\n');
    lines.prompt();
  });
  try {
    if (terminal) lines.prompt();
    for await (const line of lines) {
      await runCommandLine(line, shell, streams);
      if (shell.ended || abort.signal.aborted) break;
      if (terminal) lines.prompt();
    }
  } finally {
    lines.close();
    end(channel, shell.status);
  }
}

function newSession(host: SessionHost, signal: AbortSignal, stdin: AsyncIterable<unknown>): ShellSession {
  const { machine, hostname } = host.kind;
  const input = stdin as AsyncIterable<Buffer>;
  return { tree: host.tree, machine, hostname, cwd: '/root', status: 0, ended: false, signal, stdin: input };
}

function abortWith(channel: ServerChannel): AbortController {
  const abort = new AbortController();
  channel.on('close', () => abort.abort());
  channel.on('error', () => abort.abort());
  return abort;
}

/** Output waits while the client does not read; a terminal wants carriage returns. */
function streamsOf(channel: ServerChannel, terminal = false): Streams {
  const send = async (stream: NodeJS.WritableStream, data: string | Uint8Array): Promise<void> => {
    if (channel.destroyed || !channel.writable) return;
    const bytes = terminal ? Buffer.from(Buffer.from(data).toString().replaceAll('\n', '\r\n')) : Buffer.from(data);
    if (!stream.write(bytes)) {
      await new Promise<void>((resolve) => {
        stream.once('drain', resolve);
        channel.once('close', resolve);
      });
    }
  };
  return { out: (data) => send(channel, data), err: (text) => send(channel.stderr, text) };
}

function end(channel: ServerChannel, status: number): void {
  if (channel.destroyed || !channel.writable) return;
  channel.exit(status);
  channel.end();
}
