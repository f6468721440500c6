/**
 * What the extension uses of the host layer, in one place: it is a bundle of its own that the extension loads at the
 * first need, so that activation waits for none of it (CONTRIBUTING.md, "bundles").
 */
export { openRecipe, recipeErrors } from './pipeline/open-recipe';
export { recipeOverview } from './pipeline/overview';
export { currentJob } from './jobs/current-job';
export { startJob, type JobEnd, type StartedJob, type StartJobOptions } from './jobs/start-job';
export { cancelJob } from './jobs/cancel-job';
export { runProgram, type ProgramResult, type RunProgramOptions } from './jobs/run-program';
export { logEnd } from './jobs/log-end';
export type { ProgramVariables, WorkbenchProgram } from './jobs/program';
export { lookAtHostKey, trustHostKey, boardAccepts, type HostKeyState } from './board/host-key-trust';
export { boardAddress, isBoardAddress } from './board/address';
export { doctorReport } from './doctor/report';
export { isDatasetFile, lookAtDataset } from './new-model/dataset';
export { betterName, pathInRecipe, writeNewRecipe } from './new-model/write';
export { judgeOutputNames, lookAtOutputs, type OutputsLook, type SuggestedSet } from './outputs/look';
export { recipeEdit } from './pipeline/recipe-edit';
export { environmentKinds } from './python/kinds';
export { onnxOfRecipe } from './outputs/onnx-of-recipe';
export { START_NOTHING } from './python/remembered-facts';
export { listEnvironments } from './python/environments';
export { formatBytes } from '../../../server/src/core/text/bytes';
