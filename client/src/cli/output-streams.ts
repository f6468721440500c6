import { messageOf } from '../../../server/src/core/problems/app-error';
import { ExitCode } from './result';

/** Nobody reads any longer: the pipe's reader has ended (`… | head -1`), or the terminal was closed. */
const NOBODY_READS: readonly (string | undefined)[] = ['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'];

/**
 * Takes care of output that cannot be written. Without a reader of stdout `onUnread` is called and the program ends
 * without a word; without a reader of stderr only the progress is lost. A result that cannot be stored, on a full disk,
 * is told on stderr and makes the exit status 1.
 */
export function watchOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream, onUnread: () => void): void {
  stderr.on('error', () => undefined);
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (NOBODY_READS.includes(error.code)) {
      onUnread();
      return;
    }
    process.exitCode = ExitCode.Problem;
    stderr.write(`Error: The output could not be written: ${messageOf(error)}\n`);
  });
}
