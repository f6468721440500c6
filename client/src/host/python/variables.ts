import os from 'node:os';
import path from 'node:path';
import { childEnvironment, type Environment } from '../process/environment';
import type { EnvironmentName } from './kinds/kind';
import { cacheFolder, programFolder } from './place';

/** A Python environment in which tools can be run. */
export interface PythonEnvironment {
  readonly kind: EnvironmentName;
  /** The interpreter. */
  readonly python: string;
  readonly pythonVersion: string;
  /** Root of the virtual environment. */
  readonly folder: string;
  /** True where we made it; one that a person brought is never changed. */
  readonly managed: boolean;
  /** Normalised name → version of every package. */
  readonly packages: Readonly<Record<string, string>>;
  /** Changes whenever Python or a package does. */
  readonly versionKey: string;
}

/**
 * The complete variables for running tools in an environment: its programs first on PATH, output unbuffered, and no
 * network from Ultralytics (spec dataset-and-training.md 4.8).
 */
export function environmentVariables(
  environment: Pick<PythonEnvironment, 'folder' | 'python'>,
  base: Readonly<Record<string, string | undefined>> = process.env,
): Environment {
  const cache = cacheFolder(base);
  const programs = new Set([path.dirname(environment.python), programFolder(environment.folder)]);
  const search = base.PATH ?? base.Path ?? '';
  return childEnvironment(base, {
    Path: undefined,
    PATH: [...programs, ...(search === '' ? [] : [search])].join(path.delimiter),
    VIRTUAL_ENV: environment.folder,
    PYTHONUNBUFFERED: '1',
    PYTHONNOUSERSITE: '1',
    PYTHONIOENCODING: 'utf-8',
    PYTHONUTF8: '1',
    // The tpu_mlir wheel would take 4 threads whatever the machine has (spec conversion.md 2.1).
    OMP_NUM_THREADS: base.OMP_NUM_THREADS ?? String(os.availableParallelism()),
    MPLBACKEND: 'Agg',
    MPLCONFIGDIR: path.join(cache, 'matplotlib'),
    YOLO_CONFIG_DIR: path.join(cache, 'ultralytics'),
    YOLO_OFFLINE: '1',
    YOLO_AUTOINSTALL: 'false',
    ULTRALYTICS_SKIP_REQUIREMENTS_CHECKS: '1',
    // setuptools announces the end of pkg_resources at every start of a tpu_mlir tool (toolchain.md 1).
    PYTHONWARNINGS: 'ignore:pkg_resources is deprecated:UserWarning',
  });
}
