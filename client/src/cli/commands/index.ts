import type { RegisterCommand } from '../runtime';
import { registerMud } from './mud';

/** Every command of the terminal program, in the order of the main job. */
export const commands: readonly RegisterCommand[] = [registerMud];
