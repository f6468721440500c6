import { offered, replace } from './edits';
import { type MudRule, problem } from './rule';

/** MUD063: MaixHub's app on the board reads MUDs with Python's configparser (spec mud.md 1.4). */
export const maixhub: MudRule = {
  code: 'MUD063',
  stage: 'harmless',
  mistakes: [70],
  check(context) {
    if (context.modelType !== 'classifier' && context.modelType !== 'yolov5') return [];
    return [context.item('extra', 'model_type'), context.item('basic', 'model')].flatMap((item) => {
      const comment = item?.line.comment ?? null;
      if (item === undefined || comment === null) return [];
      const message =
        "MaixHub's app on the board takes the comment for a part of the value and does not list the model. Decoder classes read it as meant. Put the comment on a line of its own if the app should show the model.";
      const fix = offered(
        'Put the comment on its own line',
        replace(context, { start: item.value.end, end: comment.end }, ''),
        replace(context, { start: item.line.start, end: item.line.start }, `${comment.text}${context.eol}`),
      );
      return [problem(context, 'MUD063', 'hint', comment, message, [fix])];
    });
  },
};
