import * as vscode from 'vscode';
import type { FixFileParams, FixFileResult } from '../../../../server/src/protocol/methods';

/** The command of the server's code actions; not in the palette. */
export const FIX_FILE = 'maixcam.fixFile';

/**
 * Mends bytes on disk that the editor does not show. Only what is saved can be mended: unsaved changes are offered to be
 * saved first.
 *
 * @param request asks the server
 */
export async function fixFile(
  params: FixFileParams,
  request: (params: FixFileParams) => Promise<FixFileResult>,
): Promise<void> {
  const wanted = vscode.Uri.parse(params.uri).toString();
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === wanted);
  if (document?.isDirty === true && !(await saved(document))) return;
  const { changed, reason } = await request(params);
  if (!changed && reason !== null) void vscode.window.showWarningMessage(reason);
}

async function saved(document: vscode.TextDocument): Promise<boolean> {
  const save = vscode.l10n.t('Save and Fix');
  const name = vscode.workspace.asRelativePath(document.uri);
  const question = vscode.l10n.t('{0} has changes that are not saved. This fix writes the file on the disk.', name);
  const answer = await vscode.window.showWarningMessage(question, save);
  return answer === save && (await document.save());
}
