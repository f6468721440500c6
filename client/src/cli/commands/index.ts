import type { RegisterCommand } from '../runtime';
import { registerMud } from './mud';
import { registerInspect } from './inspect';

/** Every command of the terminal program, in the order of the main job. */
export const commands: readonly RegisterCommand[] = [registerMud, registerInspect];
