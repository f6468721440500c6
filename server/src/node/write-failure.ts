import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError, messageOf } from '../core/problems/app-error';

/**
 * Why `target` (a file or a folder) could not be written, as an AppError; an AppError passes unchanged. Callers remove
 * what they had begun.
 *
 * Codes: `DISK_FULL`, `FOLDER_NOT_WRITABLE`, `FOLDER_NOT_FOUND`, `WRITE_FAILED`.
 */
export function writeFailure(target: string, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code } = thrown as NodeJS.ErrnoException;
  const folder = path.dirname(path.resolve(target));
  if (code === 'ENOTDIR' || (code === 'ENOENT' && !existsSync(folder))) {
    return new AppError({
      code: 'FOLDER_NOT_FOUND',
      message: `There is no folder ${folder}.`,
      hint: 'Create the folder, or choose another one.',
      cause: thrown,
    });
  }
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AppError({
        code: 'DISK_FULL',
        message: `The disk is full: ${target} could not be written. Nothing half-made was left behind.`,
        hint: 'Free some space on that disk and run the command again, or write to another disk.',
        cause: thrown,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError({
        code: 'FOLDER_NOT_WRITABLE',
        message: `${target} may not be written (${code === 'EROFS' ? 'the file system is read-only' : 'no permission'}).`,
        hint: 'Change the permissions of the folder, or choose a folder that you own.',
        cause: thrown,
      });
    default:
      return new AppError({
        code: 'WRITE_FAILED',
        message: `${target} could not be written: ${messageOf(thrown)}.`,
        hint: 'Check the disk or the network share that it lies on, then run the command again.',
        cause: thrown,
      });
  }
}
