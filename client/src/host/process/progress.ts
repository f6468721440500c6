/** One report of a long job. */
export interface ProgressEvent {
  /** Name of the step or job, e.g. `train`. */
  readonly step: string;
  /** 0 to 1; null while unknown. */
  readonly fraction: number | null;
  /** What is going on, for a person: `epoch 3 of 12, mAP50 0.71, about 40 s left`. */
  readonly message: string;
  /** Coarse stage that changes seldom, e.g. `calibrating`; plain logs show this instead of the message. */
  readonly stage?: string;
}

/** Where long jobs report to. */
export interface Progress {
  report(event: ProgressEvent): void;
}

/** Reports nowhere. */
export const silentProgress: Progress = { report: () => undefined };
