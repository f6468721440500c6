import * as vscode from 'vscode';
import { nodeId, type StepNode } from './nodes';

const SCHEME = 'maixcam-next';

/** Marks a row as the one next action, for the colour of its label. */
export function nextStepUri(node: StepNode): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${encodeURIComponent(nodeId(node))}` });
}

/** Gives the row of the next action the colour of a link; a row's label has no colour of its own otherwise. */
export const nextStepColour: vscode.FileDecorationProvider = {
  provideFileDecoration: ({ scheme }) =>
    scheme === SCHEME
      ? new vscode.FileDecoration(undefined, undefined, new vscode.ThemeColor('textLink.foreground'))
      : undefined,
};
