import type { JobError } from '../jobs/job-record';
import { reasonText, type StaleReason } from './stale';
import type { StepName } from './steps';

/**
 * What the rows of a pipeline say of themselves, so that a view can say it in another language. Results, progress and
 * errors of tools are data and stay as they are.
 */
export interface PipelineWords {
  /** `Train` */
  title(step: StepName): string;
  /** A part of a recipe's line: `3 classes`. */
  classes(count: number): string;
  readonly neverMade: string;
  readonly running: string;
  readonly cancelled: string;
  /** Whole sentences for the hover of a cancelled step; `kept`: there is an earlier result. */
  cancelledDetail(kept: boolean): string;
  waitsFor(title: string): string;
  outOfDate(reason: StaleReason): string;
  /** Whole sentences for the hover. */
  outOfDateDetail(reason: StaleReason, result: string): string;
  /** Stands above the command lines that a step would run. */
  readonly runs: string;
  /** The line of a step that has nothing to do, and the hover; `reason` as the step gives it. */
  idle(step: StepName, reason: string): { readonly text: string; readonly detail: string };
  /** The process of a run is gone without its last word. */
  readonly lost: JobError;
  /** An error as it is shown: tools speak of the terminal program where an editor has settings and buttons. */
  told(error: JobError): Pick<JobError, 'message' | 'hint'>;
  /** Hint for a failure that only the log tells of. */
  readonly seeLog: string;
}

const TITLES: Readonly<Record<StepName, string>> = {
  check: 'Check',
  train: 'Train',
  export: 'Export',
  outputs: 'Outputs',
  cut: 'Cut',
  convert: 'Convert',
  mud: 'MUD',
  compare: 'Compare',
  push: 'Push',
};

/** The words of reports that are pasted into questions. */
export const ENGLISH: PipelineWords = {
  title: (step) => TITLES[step],
  classes: (count) => `${count} ${count === 1 ? 'class' : 'classes'}`,
  neverMade: 'not made yet',
  running: 'running',
  cancelled: 'cancelled',
  cancelledDetail: (kept) => `Cancelled. ${kept ? 'The earlier result is kept' : 'Nothing half-made was left behind'}.`,
  waitsFor: (title) => `waits for ${title}`,
  outOfDate: (reason) => `out of date: ${causeOf(reason)}`,
  outOfDateDetail: (reason, result) => `Out of date: ${causeOf(reason)}.\nLast result: ${result}.`,
  runs: 'Runs:',
  idle: (_step, reason) => ({ text: reason.split(':')[0] ?? reason, detail: reason }),
  lost: {
    code: 'JOB_LOST',
    message: 'The run ended without a word: its process was killed, or the computer went down.',
    hint: 'Steps that were done stay done; run again to go on from there.',
  },
  told: (error) => error,
  seeLog: 'The log of the run has the details.',
};

function causeOf(reason: StaleReason): string {
  switch (reason.kind) {
    case 'step-stale':
      return `${TITLES[reason.step]} has to run again first`;
    case 'step-remade':
      return `${TITLES[reason.step]} was made again`;
    default:
      return reasonText(reason);
  }
}
