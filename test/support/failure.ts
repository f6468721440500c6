import assert from 'node:assert/strict';
import { AppError } from '../../server/src/core/problems/app-error';

/** The AppError that the work fails with; anything else, success included, fails the test. */
export async function failure(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (thrown) {
    assert.ok(thrown instanceof AppError, String(thrown));
    return thrown;
  }
  assert.fail('it did not fail');
}
