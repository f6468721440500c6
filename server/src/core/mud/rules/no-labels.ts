import { readsNoLabels } from '../context';
import { labelList } from '../label-list';
import { type MudRule, problem } from './rule';

/** MUD048: an empty value gives no labels, and nothing is said. */
export const noLabels: MudRule = {
  code: 'MUD048',
  stage: 'silent',
  mistakes: [43],
  check(context) {
    const item = context.item('extra', 'labels');
    if (item === undefined || readsNoLabels(context) || context.form(item) !== null) return [];
    const list = labelList(context.document, item.value.text);
    if (list === null || list.labels.length > 0) return [];
    const message =
      list.source === 'file'
        ? `The labels file \`${item.value.text}\` is empty, so the model has no labels. Write one name per line, in the order of the classes.`
        : 'There are no labels: the board loads the model and has no name for any class. Write the names in the order of the classes, with commas between them.';
    return [problem(context, 'MUD048', 'warning', item.value.text === '' ? item.key : item.value, message)];
  },
};
