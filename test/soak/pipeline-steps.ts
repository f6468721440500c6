import { copyStep, type CopyStep } from '../unit/pipeline/fixture-steps';

/** Four steps that hand `in.txt` on from one to the next. */
export function soakSteps(): readonly CopyStep[] {
  return [
    copyStep('check', { file: 'in.txt' }),
    copyStep('train', { step: 'check' }),
    copyStep('export', { step: 'train' }),
    copyStep('cut', { step: 'export' }),
  ];
}

/** What the last step makes of the text in `in.txt`. */
export function lastResult(input: string): string {
  return `cut:export:train:check:${input}`;
}
