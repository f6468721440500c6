import type * as Workbench from '../host/workbench';

/** The host layer, loaded at the first call (a bundle of its own beside the terminal program). */
export function host(): Promise<typeof Workbench> {
  return import('../host/workbench');
}
