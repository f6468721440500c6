import { labelList } from '../label-list';
import { offered, preferred, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD049: only `,` separates labels. */
export const labelSeparator: MudRule = {
  code: 'MUD049',
  stage: 'silent',
  mistakes: [45],
  check(context) {
    const item = context.item('extra', 'labels');
    if (item === undefined || context.form(item) === 'quoted' || context.form(item) === 'comment') return [];
    const { text } = item.value;
    const separator = ['，', '、', ';', '；', '|', '\t'].find((each) => text.includes(each));
    if (separator === undefined || labelList(context.document, text)?.source === 'file') return [];
    const names = text
      .split(/[,，、;；|\t]/)
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const mixed = text.includes(',');
    // Among commas, such a character may belong to a name.
    if (mixed && !['，', '、', ';', '；'].includes(separator)) return [];
    const shown = separator === '\t' ? 'a tab' : `\`${separator}\``;
    const message = `For the board ${shown} is a part of a label: only commas separate labels${mixed ? '' : `, so this is one label, \`${text.length > 40 ? `${text.slice(0, 40)}…` : text}\``}. Write commas.`;
    const edit = replace(context, item.value, names.join(', '));
    return [
      problem(context, 'MUD049', 'warning', item.value, message, [
        mixed ? offered('Write commas', edit) : preferred('Write commas', edit),
      ]),
    ];
  },
};
