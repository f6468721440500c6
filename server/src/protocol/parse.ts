import type { FixFileParams, FixFileResult, InitializationOptions, StatusParams } from './methods';

/**
 * What arrives from the other process is `unknown` until it was looked at (spec architecture.md 3.4). Each function
 * gives null where the value has another shape; extra fields are left alone.
 */
export function parseInitializationOptions(value: unknown): InitializationOptions | null {
  return isRecord(value) && typeof value.protocol === 'number' ? { protocol: value.protocol } : null;
}

export function parseFixFileParams(value: unknown): FixFileParams | null {
  if (!isRecord(value)) return null;
  const { uri, code, title } = value;
  return typeof uri === 'string' && typeof code === 'string' && typeof title === 'string' ? { uri, code, title } : null;
}

export function parseFixFileResult(value: unknown): FixFileResult | null {
  if (!isRecord(value) || typeof value.changed !== 'boolean') return null;
  const { reason } = value;
  return typeof reason === 'string' || reason === null ? { changed: value.changed, reason } : null;
}

export function parseStatusParams(value: unknown): StatusParams | null {
  if (!isRecord(value) || typeof value.documents !== 'number') return null;
  const { state } = value;
  return state === 'ready' || state === 'busy' ? { state, documents: value.documents } : null;
}

/** An object (or a list) whose fields may be looked at. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
