import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** The absolute folders of PATH (`Path` on Windows), in its order; a relative one would depend on where a person is. */
export function foldersOnPath(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return (env.PATH ?? env.Path ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
}

/** Whether there is a file that this user may run. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
