import { readsNoLabels } from '../context';
import { labelList } from '../label-list';
import { preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD052: one label that is also the name of a file is read as that file. */
export const labelOrFile: MudRule = {
  code: 'MUD052',
  stage: 'silent',
  mistakes: [48],
  check(context) {
    const item = context.item('extra', 'labels');
    if (item === undefined || readsNoLabels(context)) return [];
    const { text } = item.value;
    // A name with an ending or a folder is meant as a file.
    if (text === '' || /[./]/.test(text) || labelList(context.document, text)?.source !== 'file') return [];
    const message = `Beside this MUD lies a file named \`${text}\`: the board reads the labels from it. If \`${text}\` is the label, put a comma behind it.`;
    return [
      problem(context, 'MUD052', 'warning', item.value, message, [
        preferred(`Write ${text},`, replace(context, item.value, `${text},`)),
      ]),
    ];
  },
};
