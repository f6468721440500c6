import { convertKind } from './convert';
import type { EnvironmentKind, EnvironmentName } from './kind';
import { trainKind } from './train';

/** Every kind of environment; a new one is a file and a line here. */
export const environmentKinds: Readonly<Record<EnvironmentName, EnvironmentKind>> = {
  train: trainKind,
  convert: convertKind,
};
