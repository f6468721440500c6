import type { RegisterCommand } from '../runtime';
import { registerNew } from './new';
import { registerRun, registerSteps } from './run';
import { registerPush } from './push';
import { registerSimulateBoard } from './simulate-board';
import { registerEnv } from './env';
import { registerCheck } from './check';
import { registerFix } from './fix';
import { registerMud } from './mud';
import { registerOnnx } from './onnx';
import { registerOutputs } from './outputs';
import { registerCut } from './cut';
import { registerVerify } from './verify';
import { registerInspect } from './inspect';
import { registerDecode } from './decode';

/** Every command of the terminal program, in the order of the main job. */
export const commands: readonly RegisterCommand[] = [
  registerNew,
  registerRun,
  registerSteps,
  registerCheck,
  registerFix,
  registerMud,
  registerOnnx,
  registerOutputs,
  registerCut,
  registerVerify,
  registerInspect,
  registerPush,
  registerSimulateBoard,
  registerEnv,
  registerDecode,
];
