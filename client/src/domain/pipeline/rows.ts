import type { FailureKind } from '../../../../server/src/core/problems/app-error';
import type { FoundJob, JobError } from '../jobs/job-record';
import type { JobSummary, RecipeOverview, StepRow, StepRowState } from './overview';
import type { StaleReason } from './stale';
import type { CommandLine, StepName, StepResult } from './steps';
import type { PipelineWords } from './words';

/** What is known of a step before it is shown. */
export interface StepFacts {
  readonly name: StepName;
  /** Why this recipe has nothing to do here; null where it has. */
  readonly idle: string | null;
  readonly needs: readonly StepName[];
  readonly commands: readonly CommandLine[];
  /** Why it would run; null: up to date, or `missing` is set. */
  readonly reason: StaleReason | null;
  /** What a person has to give first; `blocks`: a whole run would stop for it before its first step. */
  readonly missing: (JobError & { readonly kind: FailureKind; readonly blocks: boolean }) | null;
  /** The published result, up to date or not. */
  readonly made: MadeResult | null;
}

export interface MadeResult {
  readonly seconds: number;
  readonly text: string;
  /** The work is done, but its result is not good enough. */
  readonly problem: JobError | null;
  /** Absolute paths. */
  readonly outputs: readonly string[];
  /** When it was published, in ms since 1970. */
  readonly at: number;
}

/** What is known of a recipe before it is shown. */
export interface RecipeFacts {
  /** Absolute path. */
  readonly recipe: string;
  readonly description: string;
  readonly steps: readonly StepFacts[];
  readonly job: FoundJob | null;
}

/** Of several results a click opens the one that shows most: a picture, else the model or the table. */
const SHOWN_FIRST = ['.png', '.mud', '.onnx', '.cvimodel', '.axmodel', '.csv'] as const;

/** The pipeline of a recipe as a person sees it. Pure: the same facts give the same rows. */
export function overviewOf({ recipe, description, steps, job }: RecipeFacts, words: PipelineWords): RecipeOverview {
  const rows: StepRow[] = [];
  for (const step of steps) {
    // The last one that is open is what a person sees missing; the ones before it are what that one waits for.
    const waitsFor = step.needs.findLast((name) => rows.some((row) => row.name === name && !isSettled(row.state)));
    rows.push(rowOf(step, job, waitsFor, words));
  }
  const next = nextStep(steps, rows, job);
  return {
    recipe,
    description,
    error: null,
    rows: rows.map((row) => ({ ...row, next: row.name === next })),
    job: job === null ? null : jobSummary(job),
  };
}

/** What the pipeline view needs to know of a run. */
export function jobSummary(job: FoundJob): JobSummary {
  const { id, pid, log, startedAt } = job;
  return { id, state: job.lost ? 'lost' : job.state, pid, log, startedAt };
}

function rowOf(step: StepFacts, job: FoundJob | null, waitsFor: StepName | undefined, words: PipelineWords): StepRow {
  const { name, made, reason, missing } = step;
  const row = (state: StepRowState, text: string, more: Partial<StepRow> = {}): StepRow => ({
    name,
    title: words.title(name),
    state,
    text,
    detail: '',
    seconds: made?.seconds ?? null,
    progress: null,
    error: null,
    outputs: shownFirst(made?.outputs ?? []),
    next: false,
    ...more,
  });
  const failed = (error: JobError, more: Partial<StepRow> = {}): StepRow =>
    row('failed', firstLine(words.told(error).message), { error, detail: withHint(error, words), ...more });

  const willRun = commandLines(step, words);
  if (job?.state === 'running' && !job.lost && job.current === name) {
    const { progress } = job;
    return row('running', progress?.message ?? words.running, { progress, seconds: null, detail: willRun });
  }
  if (step.idle !== null) {
    const { text, detail } = words.idle(name, step.idle);
    return row('idle', text, { detail });
  }

  const last = lastEnd(name, job, made, words);
  if (last?.error === null) {
    return row('cancelled', words.cancelled, { seconds: last.seconds, detail: words.cancelledDetail(made !== null) });
  }
  if (last !== null) return failed(last.error, { seconds: last.seconds });
  if (missing !== null) {
    const { code, message, hint } = missing;
    const error = { code, message, hint };
    if (missing.kind !== 'missing-tool') return failed(error);
    // A tool that can be had: nothing has gone wrong yet.
    const detail = withHint(error, words);
    return row(made === null ? 'waiting' : 'outdated', firstLine(words.told(error).message), { error, detail });
  }
  if (made !== null) {
    if (reason === null) return made.problem === null ? row('done', made.text) : failed(made.problem);
    const detail = [words.outOfDateDetail(reason, made.text), willRun].filter(Boolean).join('\n');
    return row('outdated', words.outOfDate(reason), { detail });
  }
  if (waitsFor !== undefined) return row('waiting', words.waitsFor(words.title(waitsFor)), { detail: willRun });
  return row('ready', words.neverMade, { detail: willRun });
}

/** How the last run left the step, where that is newer than its result; `error` null: cancelled. */
function lastEnd(
  name: StepName,
  job: FoundJob | null,
  made: MadeResult | null,
  words: PipelineWords,
): { readonly error: JobError | null; readonly seconds: number | null } | null {
  if (job === null || (made !== null && made.at > Date.parse(job.startedAt))) return null;
  if (job.current === name && job.lost) return { error: words.lost, seconds: null };
  const result = job.steps.find((one) => one.name === name && (one.state === 'failed' || one.state === 'cancelled'));
  // What was missing before the run may be there by now; the facts say so.
  if (result === undefined || result.summary.preflight === true) return null;
  if (result.state === 'cancelled') return { error: null, seconds: result.seconds };
  return { error: job.error ?? untold(result, words), seconds: result.seconds };
}

/** A failed step of a run whose own error is not in the record yet. */
function untold(result: StepResult, words: PipelineWords): JobError {
  return { code: 'STEP_FAILED', message: result.summary.text, hint: words.seeLog };
}

/** What a person would do next; undefined while it is done by a run, and where all is done. */
function nextStep(steps: readonly StepFacts[], rows: readonly StepRow[], job: FoundJob | null): StepName | undefined {
  if (job?.state === 'running' && !job.lost) return undefined;
  const blocked = steps.find((step) => step.idle === null && step.missing?.blocks === true);
  if (blocked !== undefined) return blocked.name;
  const open = rows.find((row) => !isSettled(row.state));
  // A board that is not chosen yet is the last question.
  return open?.name ?? rows.find((row) => row.name === 'push' && row.state === 'idle')?.name;
}

function isSettled(state: StepRowState): boolean {
  return state === 'done' || state === 'idle';
}

function commandLines({ commands }: StepFacts, words: PipelineWords): string {
  if (commands.length === 0) return '';
  const lines = commands.map(({ program, args }) => `  ${[program, ...args].join(' ')}`);
  return [words.runs, ...lines].join('\n');
}

function shownFirst(outputs: readonly string[]): readonly string[] {
  const rank = (file: string): number => {
    const at = SHOWN_FIRST.findIndex((ending) => file.endsWith(ending));
    return at === -1 ? SHOWN_FIRST.length : at;
  };
  return [...outputs].sort((a, b) => rank(a) - rank(b));
}

function withHint(error: JobError, words: PipelineWords): string {
  const { message, hint } = words.told(error);
  return `${message}\n${hint}`;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
