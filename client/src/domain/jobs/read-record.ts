import { STEP_NAMES, type StepName, type StepResult, type StepState } from '../pipeline/steps';
import type { JobError, JobProgress, JobRecord } from './job-record';

const STATES: readonly JobRecord['state'][] = ['running', 'done', 'failed', 'cancelled'];
const STEP_STATES: readonly StepState[] = ['done', 'skipped', 'failed', 'cancelled'];

/**
 * Reads the text of a job record. Null where it is none: half-written by a computer that went down, of another
 * program, or of a format of another release. Nothing in it is believed unseen: the file lies in the user's folder.
 */
export function readJobRecord(text: string): JobRecord | null {
  const found = objectOf(parsed(text));
  if (found?.format !== 1) return null;
  const { id, recipe, pid, processStarted, startedAt, log, state, endedAt, current, steps } = found;
  if (!isText(id) || !isText(recipe) || !isText(startedAt) || !isText(log)) return null;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return null;
  if (!isTextOrNull(processStarted) || !isTextOrNull(endedAt) || Number.isNaN(Date.parse(startedAt))) return null;
  const known = STATES.find((one) => one === state);
  if (known === undefined || (current !== null && !isStepName(current)) || !Array.isArray(steps)) return null;
  const results = steps.map(stepResultOf);
  return {
    format: 1,
    id,
    recipe,
    pid,
    processStarted,
    startedAt,
    log,
    state: known,
    endedAt,
    current,
    progress: progressOf(found.progress),
    steps: results.filter((result) => result !== null),
    error: jobErrorOf(found.error),
  };
}

/** An error as documents and records hold it: `{code, message, hint}`; null where it is none. */
export function jobErrorOf(value: unknown): JobError | null {
  const { code, message, hint } = objectOf(value) ?? {};
  return isText(code) && isText(message) && typeof hint === 'string' ? { code, message, hint } : null;
}

/** One report of progress (spec cli.md, `--progress json`); null where it is none. */
export function progressOf(value: unknown): JobProgress | null {
  const { step, fraction, message } = objectOf(value) ?? {};
  if (!isText(step) || typeof message !== 'string') return null;
  return { step, fraction: typeof fraction === 'number' ? Math.min(1, Math.max(0, fraction)) : null, message };
}

function stepResultOf(value: unknown): StepResult | null {
  const { name, state, seconds, outputs, summary } = objectOf(value) ?? {};
  const known = STEP_STATES.find((one) => one === state);
  const text = objectOf(summary)?.text;
  if (!isStepName(name) || known === undefined || typeof seconds !== 'number') return null;
  if (!Array.isArray(outputs) || !outputs.every(isText) || typeof text !== 'string') return null;
  return { name, state: known, seconds, outputs, summary: { ...objectOf(summary), text } };
}

/** The value of a JSON text; undefined where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A JSON object; null for anything else. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

function isStepName(value: unknown): value is StepName {
  return STEP_NAMES.some((name) => name === value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
