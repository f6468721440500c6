import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** A text that the extension shows, and where it stands. */
export interface ShownText {
  readonly text: string;
  /** `client/src/ui/notify.ts:12` */
  readonly place: string;
}

/**
 * Every text of `vscode.l10n.t(…)` below a folder.
 *
 * @throws Error for a call whose text is put together at run time: nobody could translate it
 */
export function shownTexts(folder: string): readonly ShownText[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .flatMap((name) => textsOf(path.join(folder, name)));
}

function textsOf(file: string): readonly ShownText[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: ShownText[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /(^|\.)l10n\.t$/.test(node.expression.getText(source))) {
      const [first] = node.arguments;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      const place = `${file.split(path.sep).join('/')}:${line + 1}`;
      if (first === undefined || !ts.isStringLiteralLike(first)) throw new Error(`${place} has no text of its own`);
      found.push({ text: first.text, place });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
