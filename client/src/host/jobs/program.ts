/** The terminal program as the extension starts it. */
export interface WorkbenchProgram {
  /** A Node program, or an editor's binary that acts as one with `nodeEnv`. */
  readonly node: string;
  /** Absolute path of `cli.js`. */
  readonly cli: string;
  /** Variables that make `node` a Node program, e.g. `ELECTRON_RUN_AS_NODE`. */
  readonly nodeEnv: Readonly<Record<string, string>>;
}

/** Environment variables of a call; undefined ones are left out. */
export type ProgramVariables = Readonly<Record<string, string | undefined>>;

/** The complete environment of a call: what the caller names, and nothing else (spec decisions.md 6). */
export function programEnvironment(program: WorkbenchProgram, env: ProgramVariables): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...env, ...program.nodeEnv })) {
    if (value !== undefined) result[name] = value;
  }
  return result;
}
