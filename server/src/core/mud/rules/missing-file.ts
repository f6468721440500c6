import type { Problem } from '../../problems/problem';
import type { MudContext } from '../context';
import type { KeySchema } from '../knowledge/schema';
import type { MudItem } from '../tree';
import { offered, preferred, replace } from './edits';
import { folderNames, nearestFile } from './model-files';
import { type MudRule, problem } from './rule';

/** MUD024: files are looked up as Linux does it: case matters, `\` is a letter. */
export const missingFile: MudRule = {
  code: 'MUD024',
  stage: 'runtime',
  mistakes: [22, 66],
  check(context) {
    const { files, path } = context.document;
    return context.read.flatMap((item) => {
      const schema = context.schema(item);
      const { text } = item.value;
      if (schema?.['x-kind'] !== 'file' || text === '' || context.form(item) !== null) return [];
      if (/^[A-Za-z]:[\\/]/.test(text) || text.includes('\\')) return [foreignPath(context, item, schema)];
      // An absolute path is one of the board's: this machine cannot tell.
      if (files === null || text.startsWith('/') || text.includes('%')) return [];
      const kind = files.kind(files.resolve(path, text));
      if (kind === 'file' && hasExactCase(context, text)) return [];
      const near = nearestFile(context, text, schema['x-endings'] ?? []);
      const unused =
        item.key.text === 'model_npu' ||
        (item.key.text === 'model' && context.chip === 'maixcam2' && context.item('basic', 'model_vnpu') !== undefined);
      const when = item.key.text === 'model_npu' ? ' while AI-ISP is off' : '';
      const message = `${kind === 'folder' ? `\`${text}\` is a folder` : `There is no file \`${text}\` in the folder of this MUD`}: the board cannot load the model${when}. ${near === null ? 'Put the file beside the MUD, or correct the name.' : `Write \`${near}\` if that file is meant.`}`;
      const fixes = near === null ? [] : [preferred(`Write ${near}`, replace(context, item.value, near))];
      return [problem(context, 'MUD024', unused ? 'warning' : 'error', item.value, message, fixes)];
    });
  },
};

function foreignPath(context: MudContext, item: MudItem, schema: KeySchema): Problem {
  const { text } = item.value;
  const slashed = text.replace(/^[A-Za-z]:/, '').replace(/\\/g, '/');
  const name = slashed.slice(slashed.lastIndexOf('/') + 1);
  const near = nearestFile(context, name, schema['x-endings'] ?? []);
  const drive = /^[A-Za-z]:/.test(text);
  const better = drive ? (near ?? name) : slashed;
  const { files, path } = context.document;
  const there = files === null || (files.kind(files.resolve(path, better)) === 'file' && hasExactCase(context, better));
  const edit = replace(context, item.value, better);
  const message = drive
    ? `\`${text}\` is a path of Windows: the board does not find it. Put the file beside the MUD and write its name.`
    : `The board takes \`\\\` for a letter of the name and finds no file. Write \`/\`.`;
  return problem(context, 'MUD024', 'error', item.value, message, [
    there ? preferred(`Write ${better}`, edit) : offered(`Write ${better}`, edit),
  ]);
}

/** Windows and macOS find a file whose letters differ in case only; the board does not. */
function hasExactCase(context: MudContext, text: string): boolean {
  const names = folderNames(context, text);
  const name = text.slice(text.lastIndexOf('/') + 1);
  return names.length === 0 || names.includes(name) || !names.some((each) => each.toLowerCase() === name.toLowerCase());
}
