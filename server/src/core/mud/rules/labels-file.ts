import type { MudContext } from '../context';
import { preferred, replace } from './edits';
import { folderNames, nearestFile } from './model-files';
import { type MudRule, problem } from './rule';

/** MUD051: a labels file that is not found becomes the only label, without a message. */
export const labelsFile: MudRule = {
  code: 'MUD051',
  stage: 'silent',
  mistakes: [22, 47],
  check(context) {
    const item = context.item('extra', 'labels');
    const { document } = context;
    if (item === undefined || document.files === null || context.form(item) !== null) return [];
    const { text } = item.value;
    const looksLikeFile = /\.(txt|names|csv|labels?|list)$/i.test(text) && !text.includes(',');
    if (!looksLikeFile || text.startsWith('/') || /[;|，、]/.test(text)) return [];
    const blank = /\s/.test(text);
    const there =
      document.files.kind(document.files.resolve(document.path, text)) === 'file' && hasExactName(context, text);
    if (there && !blank) return [];
    if (blank && there) {
      const message = `The board takes a value with a blank for a list: the file \`${text}\` is not read, and its name becomes the only label. Rename the file without blanks.`;
      return [problem(context, 'MUD051', 'warning', item.value, message)];
    }
    const slashed = text.replace(/\\/g, '/');
    const near =
      slashed !== text && document.files.kind(document.files.resolve(document.path, slashed)) === 'file'
        ? slashed
        : nearestFile(context, text, ['.txt', '.names']);
    const message = `There is no labels file \`${text}\` in the folder of this MUD: the board takes the name for the only label and says nothing. ${near === null ? 'Put the file beside the MUD, or write the labels with commas between them.' : `Write \`${near}\` if that file is meant.`}`;
    const fixes =
      near === null || /[\s,#]/.test(near) ? [] : [preferred(`Write ${near}`, replace(context, item.value, near))];
    return [problem(context, 'MUD051', 'warning', item.value, message, fixes)];
  },
};

/** Where this machine ignores case, the board does not. */
function hasExactName(context: MudContext, text: string): boolean {
  const names = folderNames(context, text);
  return names.length === 0 || names.includes(text.slice(text.lastIndexOf('/') + 1));
}
