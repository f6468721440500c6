import type { ReadStream } from 'node:tty';
import { AppError } from '../../../server/src/core/problems/app-error';
import type { CommandContext } from './runtime';

/**
 * Where the board's password comes from: `MAIXCAM_PASSWORD`, else a question on a terminal. Never stored. The signal
 * takes the question back.
 */
export function boardPassword(context: CommandContext): (signal?: AbortSignal) => Promise<string | undefined> {
  return async (signal) => {
    const given = context.env.MAIXCAM_PASSWORD;
    if (given !== undefined && given !== '') return given;
    if (!context.interactive) return undefined;
    context.progress.report({ step: 'push', fraction: null, message: 'waiting for the password', stage: 'password' });
    const until = signal === undefined ? context.signal : AbortSignal.any([context.signal, signal]);
    return await askHidden('Password of the board: ', process.stdin, process.stderr, until);
  };
}

/** Reads a line from a terminal without showing it. */
function askHidden(
  question: string,
  input: Pick<ReadStream, 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>,
  output: NodeJS.WritableStream,
  signal: AbortSignal,
): Promise<string> {
  if (signal.aborted) return Promise.reject(cancelled());
  // Before the question: what is typed as soon as it stands there must not be shown.
  input.setRawMode(true);
  output.write(`\r\u001b[K${question}`);
  input.resume();
  return new Promise<string>((resolve, reject) => {
    let line = '';
    const end = (settle: () => void): void => {
      input.off('data', onData);
      signal.removeEventListener('abort', onAbort);
      input.setRawMode(false);
      input.pause();
      output.write('\n');
      settle();
    };
    const onAbort = (): void => end(() => reject(cancelled()));
    const onData = (chunk: Buffer): void => {
      for (const char of chunk.toString('utf8')) {
        if (char === '\r' || char === '\n') {
          end(() => resolve(line));
          return;
        }
        // In raw mode Ctrl-C and Ctrl-D are characters.
        if (char === '\u0003' || char === '\u0004') {
          onAbort();
          return;
        }
        line = char === '\u007f' || char === '\b' ? line.slice(0, -1) : line + char;
      }
    };
    input.on('data', onData);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

function cancelled(): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: 'No password was given.',
    hint: 'Run the command again, or set MAIXCAM_PASSWORD.',
    kind: 'cancelled',
  });
}
