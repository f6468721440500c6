import type { Step } from '../pipeline/step';
import { checkStep } from './check';
import { compareStep } from './compare';
import { convertStep } from './convert';
import { cutStep } from './cut';
import { exportStep } from './export';
import { mudStep } from './mud';
import { outputsStep } from './outputs';
import { pushStep } from './push';
import { trainStep } from './train';

/** Every step of the main job, in order. */
export const pipelineSteps: readonly Step[] = [
  checkStep,
  trainStep,
  exportStep,
  outputsStep,
  cutStep,
  convertStep,
  mudStep,
  compareStep,
  pushStep,
];
