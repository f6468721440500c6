import type { Severity } from '../../problems/problem';
import { closestWord } from '../../text/closest';
import type { MudContext } from '../context';
import { offered, preferred, setValue } from './edits';
import { type MudRule, problem } from './rule';

/** MUD035: words that are compared letter by letter, in small letters. */
export const choice: MudRule = {
  code: 'MUD035',
  stage: 'class',
  mistakes: [28, 30, 56, 64],
  check(context) {
    return context.read.flatMap((item) => {
      const schema = context.schema(item);
      const key = item.key.text;
      if (schema?.['x-kind'] !== 'choice' || item.section.name !== 'extra' || context.form(item) !== null) return [];
      if (context.modelClass?.ignored?.[key] !== undefined) return [];
      const words = (schema.oneOf ?? []).map((each) => each.const);
      const { text } = item.value;
      if (words.includes(text) || (key === 'type' && context.modelClass === null)) return [];
      const { severity, effect } = consequence(context, key);
      const near = meantWord(key, text, words);
      const message = `${text === '' ? `\`${key}\` is empty` : `\`${text}\` is no \`${key}\``}: ${effect}. Write ${words.map((word) => `\`${word}\``).join(', ')}.`;
      const fixes = words.map((word) =>
        (word === near ? preferred : offered)(`Write ${word}`, setValue(context, item, word)),
      );
      return [problem(context, 'MUD035', severity, text === '' ? item.key : item.value, message, fixes)];
    });
  },
};

function consequence(context: MudContext, key: string): { severity: Severity; effect: string } {
  const stops = {
    severity: 'error',
    effect: `${context.modelClass?.title ?? 'the decoder class'} refuses the model`,
  } as const;
  if (key === 'input_layout' || key === 'input_channel')
    return { severity: 'warning', effect: 'the board assumes channels first' };
  if (key === 'det') return { severity: 'warning', effect: 'the board takes this MUD for a recogniser' };
  if (key !== 'input_type') return stops;
  return context.modelType === 'yolo26' ? { severity: 'warning', effect: 'the board assumes `rgb`' } : stops;
}

/** What other tools call the same. */
const SYNONYMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  type: {
    detect: 'detector',
    detection: 'detector',
    det: 'detector',
    segment: 'seg',
    segmentation: 'seg',
    keypoint: 'pose',
    keypoints: 'pose',
    rotated: 'obb',
  },
  input_type: { grey: 'gray', grayscale: 'gray', rgb888: 'rgb', bgr888: 'bgr' },
  input_layout: { nhwc: 'hwc' },
  input_channel: { nhwc: 'hwc' },
  det: { '1': 'true', yes: 'true', on: 'true', '0': 'false', no: 'false', off: 'false' },
};

function meantWord(key: string, text: string, words: readonly string[]): string | null {
  const lower = text.toLowerCase();
  const known = SYNONYMS[key];
  const synonym = known !== undefined && Object.hasOwn(known, lower) ? known[lower] : undefined;
  if (synonym !== undefined && words.includes(synonym)) return synonym;
  return (
    words.find((word) => word === lower) ??
    (lower.length < 3 || words.some((word) => word.length <= 3) ? null : closestWord(text, words))
  );
}
