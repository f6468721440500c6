import path from 'node:path';
import { AppError } from '../core/problems/app-error';
import { shownText } from '../core/text/file-form';
import { replaceFile } from '../node/replace-file';
import type { FixFileParams, FixFileResult } from '../protocol/methods';
import type { OpenDocument } from './open-documents';

/**
 * Mends what only the bytes on disk show. The file is read again first: it is written only when it still has the
 * problem and is what the editor shows.
 */
export async function fixFile(params: FixFileParams, document: OpenDocument | null): Promise<FixFileResult> {
  const file = document?.file ?? null;
  if (document === null || file === null) {
    return refused('The file is not open, or does not lie on a disk of this computer. Open it and try again.');
  }
  const { service, view } = document;
  const name = path.basename(file);
  let reason = '';
  try {
    const changed = await replaceFile(file, (bytes) => {
      if (unsaved(bytes, view.text)) {
        reason = `${name} has changes that are not saved. Save it, then use the fix again.`;
        return null;
      }
      const wanted = service
        .validateFile(bytes, file)
        .find(({ code, fix }) => code === params.code && fix?.title === params.title);
      const fix = wanted?.fix ?? null;
      if (fix === null) reason = `${name} has changed on the disk and no longer has this problem.`;
      return fix === null ? null : fix.apply(bytes);
    });
    return changed ? { changed, reason: null } : refused(reason);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return refused(`${thrown.message} ${thrown.hint}`);
  }
}

function refused(reason: string): FixFileResult {
  return { changed: false, reason };
}

/**
 * Whether the editor shows something else than the file has. Line ends do not count: the editor shows one kind. A file
 * in an encoding that is not recognised may be shown in any way, so it tells nothing.
 */
function unsaved(bytes: Uint8Array, shown: string): boolean {
  const onDisk = shownText(bytes);
  if (onDisk.includes('\uFFFD')) return false;
  return sameLineEnds(onDisk) !== sameLineEnds(shown);
}

function sameLineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}
