import { CHIP_TITLES } from '../knowledge/schema';
import { type MudRule, problem } from './rule';

/** MUD065: some classes exist on MaixCAM2 only. */
export const classBoard: MudRule = {
  code: 'MUD065',
  stage: 'class',
  mistakes: [],
  check(context) {
    const { modelClass, chip } = context;
    const item = context.item('extra', 'model_type');
    if (modelClass?.boards === undefined || chip === null || item === undefined || modelClass.boards.includes(chip))
      return [];
    const message = `${modelClass.title} runs on ${modelClass.boards.map((board) => CHIP_TITLES[board]).join(' and ')} only, but \`type = ${context.item('basic', 'type')?.value.text ?? ''}\` is for ${CHIP_TITLES[chip]}.`;
    return [problem(context, 'MUD065', 'error', item.value, message)];
  },
};
