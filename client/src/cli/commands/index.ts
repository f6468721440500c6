import type { RegisterCommand } from '../runtime';
import { registerNew } from './new';
import { registerEnv } from './env';
import { registerMud } from './mud';
import { registerCut } from './cut';
import { registerVerify } from './verify';
import { registerInspect } from './inspect';

/** Every command of the terminal program, in the order of the main job. */
export const commands: readonly RegisterCommand[] = [
  registerNew,
  registerMud,
  registerCut,
  registerVerify,
  registerInspect,
  registerEnv,
];
