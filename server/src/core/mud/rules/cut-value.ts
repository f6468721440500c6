import { offered, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD014: `#` starts a comment anywhere, so a value that should contain it ends there. */
export const cutValue: MudRule = {
  code: 'MUD014',
  stage: 'silent',
  mistakes: [4],
  check(context) {
    return context.read.flatMap((item) => {
      const kind = context.schema(item)?.['x-kind'];
      const { comment } = item.line;
      if (comment === null || !(kind === 'labels' || kind === 'file' || kind === 'text' || kind === 'command'))
        return [];
      const glued = comment.start === item.value.end && item.value.text !== '';
      const listed =
        kind === 'labels' &&
        !/^#+\s/.test(comment.text) &&
        (comment.text.includes(',') || item.value.text.endsWith(','));
      if (!glued && !listed) return [];
      const message =
        kind === 'labels'
          ? `The board ends the labels at \`#\`, and so knows \`${item.value.text}\` only. A label with \`#\` can only stand in a labels file: write one name per line into labels.txt and \`labels = labels.txt\` here.`
          : `The board ends the value at \`#\`: it reads \`${item.value.text}\`. Choose a name without \`#\`, or put a blank before a comment.`;
      const fixes = glued
        ? [
            offered(
              'Put a blank before the comment',
              replace(context, { start: comment.start, end: comment.start }, ' '),
            ),
          ]
        : [];
      return [problem(context, 'MUD014', 'warning', comment, message, fixes)];
    });
  },
};
