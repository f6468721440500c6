import { readsNoLabels } from '../context';
import { labelList } from '../label-list';
import { type MudRule, problem } from './rule';

/** MUD064: a value without commas and blanks is looked up as a file; its system throws for names over 255 bytes. */
export const nameLength: MudRule = {
  code: 'MUD064',
  stage: 'class',
  mistakes: [45],
  check(context) {
    const item = context.item('extra', 'labels');
    if (item === undefined || readsNoLabels(context) || labelList(context.document, item.value.text) !== null)
      return [];
    const message =
      'The board takes a value without commas and blanks for the name of a file, and stops because this one is longer than 255 bytes ("File name too long"). Separate labels by commas.';
    return [problem(context, 'MUD064', 'error', item.value, message)];
  },
};
