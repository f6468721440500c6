import path from 'node:path';
import { chooseEngine, markNativeUnusable, type ChooseOptions } from './choose';
import type { EngineKind, LoadedModel, LoadOptions, TensorValue, ValueDescription } from './messages';
import { EngineProcess, nodeProgram } from './process';

export type {
  EngineKind,
  LoadOptions,
  Optimization,
  TensorData,
  TensorType,
  TensorValue,
  ValueDescription,
} from './messages';

export interface EngineOptions {
  /** Aborting ends the child at once; what runs fails with `CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
  /** The bundled child program; default: `engine-child.js` beside this bundle. */
  readonly childPath?: string | undefined;
  /** Where `MAIXCAM_ENGINE` and the cache folder are read from; default: the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Longest time for loading a model or for one run; default ten minutes. */
  readonly timeoutMs?: number | undefined;
}

/** A loaded model. */
export interface Session {
  readonly inputs: readonly ValueDescription[];
  readonly outputs: readonly ValueDescription[];
  /**
   * Runs the model once; every output by name.
   *
   * @throws AppError `ENGINE_FAILED` (the runtime refuses), `ENGINE_DIED`, `ENGINE_TIMEOUT`, `CANCELLED`.
   */
  run(feeds: Readonly<Record<string, TensorValue>>): Promise<Record<string, TensorValue>>;
  /** Frees the model's memory. */
  dispose(): Promise<void>;
}

/** onnxruntime in a child process of its own (spec decisions.md 4). */
export interface Engine {
  readonly kind: EngineKind;
  /** Why this build was chosen. */
  readonly reason: string;
  /** @throws AppError as `Session.run`, and `ENGINE_MISSING`. */
  load(modelPath: string, options?: LoadOptions): Promise<Session>;
  /** Ends the child and waits until it is gone. */
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 600_000;
const DISPOSE_TIMEOUT_MS = 30_000;

/**
 * Starts an engine: the native build where it has proven itself, else WebAssembly. The child ends with `close`, with
 * this process, or when `signal` is aborted.
 *
 * @throws AppError `ENGINE_MISSING`, `ENGINE_UNKNOWN`, `CANCELLED`.
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const choosing: ChooseOptions = {
    childPath: options.childPath ?? besideThisBundle(),
    execPath: nodeProgram(),
    env: options.env ?? process.env,
    signal: options.signal,
  };
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const { kind, reason } = await chooseEngine(choosing);
  const child = new EngineProcess({
    ...choosing,
    kind,
    onCrash: (why) => {
      if (kind === 'native') markNativeUnusable(choosing, why);
    },
  });
  let sessions = 0;
  return {
    kind,
    reason,
    async load(modelPath, loadOptions = {}) {
      const session = sessions;
      sessions += 1;
      const request = { kind: 'load', session, path: path.resolve(modelPath), options: loadOptions } as const;
      const { inputs, outputs } = (await child.request(request, timeoutMs)) as LoadedModel;
      return {
        inputs,
        outputs,
        run: async (feeds) =>
          (await child.request({ kind: 'run', session, feeds }, timeoutMs)) as Record<string, TensorValue>,
        dispose: async () => {
          await child.request({ kind: 'dispose', session }, DISPOSE_TIMEOUT_MS);
        },
      };
    },
    close: () => child.close(),
  };
}

/** Test bundles are ES modules without `__dirname`; they run in the clone, where the program is built to `dist`. */
function besideThisBundle(): string {
  return typeof __dirname === 'undefined'
    ? path.resolve('dist', 'engine-child.js')
    : path.join(__dirname, 'engine-child.js');
}
