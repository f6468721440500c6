import type { CommandEntry } from './command';

/**
 * Every command that this part registers; the pipeline view and the language client have theirs. A test compares the
 * table with the manifest.
 */
export const commands: readonly CommandEntry[] = [
  {
    id: 'maixcam.newModel',
    load: async () => (await import('./new-model')).newModel,
    trusted: false,
    folder: true,
  },
  {
    id: 'maixcam.openSampleWorkspace',
    load: async () => (await import('./open-sample-workspace')).openSampleWorkspace,
    trusted: false,
    folder: false,
  },
  {
    id: 'maixcam.runPipeline',
    load: async () => (await import('./run-pipeline')).runPipeline,
    trusted: true,
    folder: true,
  },
  {
    id: 'maixcam.runStep',
    load: async () => (await import('./run-step')).runStep,
    trusted: true,
    folder: true,
  },
  {
    id: 'maixcam.cancel',
    load: async () => (await import('./cancel')).cancel,
    trusted: false,
    folder: true,
  },
  {
    id: 'maixcam.chooseOutputs',
    load: async () => (await import('./choose-outputs')).chooseOutputs,
    trusted: false,
    folder: true,
  },
  {
    id: 'maixcam.convert',
    load: async () => (await import('./run-pipeline')).convert,
    trusted: true,
    folder: true,
  },
  {
    id: 'maixcam.pushToBoard',
    load: async () => (await import('./push-to-board')).pushToBoard,
    trusted: true,
    folder: true,
  },
  {
    id: 'maixcam.createEnvironment',
    load: async () => (await import('./create-environment')).createEnvironment,
    trusted: true,
    folder: false,
  },
  {
    id: 'maixcam.forgetPasswords',
    load: async () => (await import('./forget-passwords')).forgetPasswords,
    trusted: false,
    folder: false,
  },
  {
    id: 'maixcam.doctor',
    load: async () => (await import('./doctor')).doctor,
    trusted: false,
    folder: false,
  },
  {
    id: 'maixcam.showLog',
    load: async () => (await import('./show-log')).showLog,
    trusted: false,
    folder: false,
  },
  {
    id: 'maixcam.restartServer',
    load: async () => (await import('./restart-server')).restartServer,
    trusted: false,
    folder: false,
  },
];
