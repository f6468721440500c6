import type { AppError } from '../../../../../server/src/core/problems/app-error';
import type { RunOptions, RunResult } from '../../process/run';
import type { MinorVersion } from '../interpreter';

export type EnvironmentName = 'train' | 'convert';

/** Facts that `environment_facts.py` prints about an environment. */
export interface EnvironmentFacts {
  readonly python: string;
  readonly executable: string;
  /** Normalised name → version of every installed package. */
  readonly packages: Readonly<Record<string, string>>;
  /** What was tried out and failed, with the reason; empty where everything works. */
  readonly failures: Readonly<Record<string, string>>;
  /** C runtime files that tpu_mlir brought along and that still lie in its library folder. */
  readonly bundledRuntime: readonly string[];
}

/** What the definition of an environment may do while it is made. */
export interface MakingEnvironment {
  readonly folder: string;
  readonly python: string;
  /** Runs a program of the environment with its variables. */
  run(options: Pick<RunOptions, 'command' | 'args'> & Partial<RunOptions>): Promise<RunResult>;
}

/** One kind of environment: what it needs, what it costs, and how it is shown to work. One file each. */
export interface EnvironmentKind {
  readonly name: EnvironmentName;
  readonly title: string;
  /** Pythons that it works with, the best first. */
  readonly versions: readonly MinorVersion[];
  /** How to get a suitable Python, for a person. */
  readonly pythonHint: string;
  /** Requirements for the package installer, for the chosen Python. */
  requirements(version: MinorVersion): readonly string[];
  /** Packages without which it is of no use. */
  readonly essential: readonly string[];
  /** Bytes on disk and rough time, with PyTorch from its own index (CPU build) and from the package index. */
  readonly cost: { readonly cpuIndex: number; readonly packageIndex: number; readonly minutes: string };
  /** Why this machine cannot have such an environment; null where it can. */
  unsupported(platform: NodeJS.Platform, arch: string): AppError | null;
  /** What `environment_facts.py` is to try out. */
  readonly trials: readonly string[];
  /** Repairs what the packages get wrong and proves that the tools run; only ever called on an environment of our own. */
  finish?(making: MakingEnvironment): Promise<void>;
  /** Why an environment that a person brought cannot work, and how they can cure it; null where it can. */
  complaint(facts: EnvironmentFacts): { readonly message: string; readonly hint: string } | null;
}
