import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../../server/src/core/problems/app-error';
import { childEnvironment } from '../process/environment';
import type { EngineKind, EngineReply, EngineRequest } from './messages';

export interface EngineProcessOptions {
  readonly kind: EngineKind;
  /** The bundled child program. */
  readonly childPath: string;
  /** A Node program; see `nodeProgram`. */
  readonly execPath: string;
  readonly signal?: AbortSignal | undefined;
  /** Told once when native code ended the process. */
  readonly onCrash?: ((reason: string) => void) | undefined;
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: NodeJS.Timeout;
}

/** Signals by which the machine ends a program that went wrong; the others come from people. */
const CRASH_SIGNALS: ReadonlySet<string> = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP']);
const STDERR_KEPT = 2000;

/** One child process and the requests that wait for its answers. */
export class EngineProcess {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  private readonly ended: Promise<void>;
  private nextId = 1;
  private failure: AppError | null = null;
  private stderr = '';

  constructor(private readonly options: EngineProcessOptions) {
    const { signal } = options;
    if (signal?.aborted === true) throw cancelled();
    if (!existsSync(options.childPath)) throw notBuilt(options.childPath);
    this.child = fork(options.childPath, [options.kind], {
      execPath: options.execPath,
      execArgv: [],
      env: childEnvironment(process.env, {
        ELECTRON_RUN_AS_NODE: process.versions.electron === undefined ? undefined : '1',
      }),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.on('message', (reply: EngineReply) => this.settle(reply));
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString('utf8')).slice(-STDERR_KEPT);
    });
    const onAbort = (): void => this.end(cancelled());
    signal?.addEventListener('abort', onAbort, { once: true });
    this.ended = new Promise((resolve) => {
      this.child.on('error', (error) => {
        this.fail(died(options.kind, error.message, ''));
        // A program that could not be started never closes.
        if (this.child.pid === undefined) resolve();
      });
      this.child.once('close', (code, exitSignal) => {
        signal?.removeEventListener('abort', onAbort);
        const reason = exitSignal === null ? `exit status ${code ?? 'unknown'}` : `signal ${exitSignal}`;
        if (this.failure === null && exitSignal !== null && CRASH_SIGNALS.has(exitSignal)) options.onCrash?.(reason);
        this.fail(died(options.kind, reason, this.stderr.trim()));
        resolve();
      });
    });
  }

  /** Sends a request and waits for its answer; after `timeoutMs` the process is ended, with all that it holds. */
  async request(request: WithoutId<EngineRequest>, timeoutMs: number): Promise<unknown> {
    if (this.failure !== null) throw this.failure;
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end(timedOut(timeoutMs)), timeoutMs);
      this.pending.set(id, { resolve, reject, timer });
      this.child.send({ ...request, id }, (error) => {
        if (error !== null) this.end(died(this.options.kind, error.message, this.stderr.trim()));
      });
    });
  }

  /** Ends the process and waits until it is gone; what still runs fails with `error`. */
  async close(error: AppError = closed()): Promise<void> {
    this.end(error);
    await this.ended;
  }

  private end(error: AppError): void {
    this.fail(error);
    this.child.kill('SIGKILL');
  }

  private fail(error: AppError): void {
    this.failure ??= error;
    for (const { reject, timer } of this.pending.values()) {
      clearTimeout(timer);
      reject(this.failure);
    }
    this.pending.clear();
  }

  private settle(reply: EngineReply): void {
    const pending = this.pending.get(reply.id);
    if (pending === undefined) return;
    this.pending.delete(reply.id);
    clearTimeout(pending.timer);
    if (reply.ok) pending.resolve(reply.value);
    else pending.reject(refused(this.options.kind, reply.message, reply.missing));
  }
}

/**
 * The Node program that runs the child: this one, or under VS Code a `node` on the PATH where there is one, because
 * native code that works in Node may not work in Electron (spec decisions.md 4).
 */
export function nodeProgram(): string {
  if (process.versions.electron === undefined) return process.execPath;
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? process.execPath;
}

function refused(kind: EngineKind, message: string, missing: boolean): AppError {
  if (missing) {
    return new AppError({
      code: 'ENGINE_MISSING',
      message: `onnxruntime (${kind}) could not be loaded: ${firstLine(message)}`,
      hint: 'Install the packages again with `npm ci`; MAIXCAM_ENGINE=wasm chooses the build that runs everywhere.',
      kind: 'missing-tool',
    });
  }
  return new AppError({
    code: 'ENGINE_FAILED',
    message: `onnxruntime could not do this with the model: ${firstLine(message)}`,
    hint: 'Check that the model is a complete ONNX file with operators that onnxruntime knows; export it again.',
  });
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 400) ?? '';
}

function died(kind: EngineKind, reason: string, stderr: string): AppError {
  const last = stderr === '' ? '' : ` Its last words: ${stderr.slice(-300)}`;
  return new AppError({
    code: 'ENGINE_DIED',
    message: `onnxruntime (${kind}) stopped while it worked on the model (${reason}).${last}`,
    hint:
      kind === 'native'
        ? 'Try again: after a crash the slower WebAssembly build is used. If memory was short, close other programs.'
        : 'The model may need more memory than there is; close other programs and try again.',
  });
}

function timedOut(timeoutMs: number): AppError {
  return new AppError({
    code: 'ENGINE_TIMEOUT',
    message: `onnxruntime did not finish within ${Math.round(timeoutMs / 1000)} s and was stopped.`,
    hint: 'Try again when the machine is less busy, or use a smaller input size.',
  });
}

function cancelled(): AppError {
  return new AppError({
    code: 'CANCELLED',
    message: 'Running the model was cancelled.',
    hint: 'Start it again when you are ready.',
    kind: 'cancelled',
  });
}

function closed(): AppError {
  return new AppError({
    code: 'ENGINE_CLOSED',
    message: 'The engine that ran the model was closed.',
    hint: 'Start the work again.',
  });
}

function notBuilt(childPath: string): AppError {
  return new AppError({
    code: 'ENGINE_MISSING',
    message: `The program that runs models, ${childPath}, is not there.`,
    hint: 'Build or install MaixCAM Workbench again (`npm run build`).',
    kind: 'missing-tool',
  });
}
