// The engine's child process: runs onnxruntime, so that a crash in it ends this process and nothing else.
import { Worker } from 'node:worker_threads';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { messageOf } from '../../../../server/src/core/problems/app-error';
import type {
  EngineKind,
  EngineReply,
  EngineRequest,
  LoadedModel,
  LoadOptions,
  TensorType,
  TensorValue,
  ValueDescription,
} from './messages';
import { PROBE_MODEL, probeAnswerIsRight } from './probe-model';
import { loadRuntime, readWhole, type Runtime } from './runtime';

const kind: EngineKind = process.argv[2] === 'native' ? 'native' : 'wasm';
const sessions = new Map<number, InferenceSession>();
let runtime: Promise<Runtime> | undefined;

process.on('message', (request: EngineRequest) => void answer(request));
// Without its parent the engine has no purpose. Ctrl-C in a terminal reaches both: the parent decides what it means.
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
watchParent();

/** While a model runs this thread sees no events, so a second one looks whether the parent still lives. */
function watchParent(): void {
  const parent = process.ppid;
  const code = `setInterval(() => { if (process.ppid !== ${parent}) process.kill(process.pid, 'SIGKILL'); }, 500)`;
  new Worker(code, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref();
}

async function answer(request: EngineRequest): Promise<void> {
  let reply: EngineReply;
  try {
    reply = { id: request.id, ok: true, value: await perform(request) };
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    const missing = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_DLOPEN_FAILED';
    reply = { id: request.id, ok: false, message: messageOf(thrown), missing };
  }
  if (process.connected) process.send?.(reply);
}

async function perform(request: EngineRequest): Promise<unknown> {
  const ort = await (runtime ??= loadRuntime(kind));
  switch (request.kind) {
    case 'load':
      return load(ort, request.session, request.path, request.options);
    case 'run':
      return run(ort, sessionOf(request.session), request.feeds);
    case 'dispose': {
      const session = sessionOf(request.session);
      sessions.delete(request.session);
      await session.release();
      return null;
    }
    case 'probe': {
      const session = await ort.InferenceSession.create(PROBE_MODEL);
      const result = await session.run({ x: new ort.Tensor('float32', Float32Array.of(1, 2), [2]) });
      await session.release();
      return probeAnswerIsRight(result.y?.data);
    }
  }
}

async function load(ort: Runtime, id: number, path: string, options: LoadOptions): Promise<LoadedModel> {
  const settings: InferenceSession.SessionOptions = {
    graphOptimizationLevel: options.optimization ?? 'all',
    logSeverityLevel: 3,
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
  };
  let session: InferenceSession;
  if (kind === 'native') session = await ort.InferenceSession.create(path, settings);
  else {
    const { model, external } = await readWhole(path);
    session = await ort.InferenceSession.create(model, { ...settings, externalData: external });
  }
  sessions.set(id, session);
  return { inputs: describe(session.inputMetadata), outputs: describe(session.outputMetadata) };
}

function describe(values: readonly InferenceSession.ValueMetadata[]): readonly ValueDescription[] {
  return values.map((value) =>
    value.isTensor
      ? { name: value.name, type: value.type, shape: value.shape }
      : { name: value.name, type: 'not a tensor', shape: [] },
  );
}

async function run(
  ort: Runtime,
  session: InferenceSession,
  feeds: Readonly<Record<string, TensorValue>>,
): Promise<Record<string, TensorValue>> {
  const tensors: Record<string, Tensor> = {};
  for (const [name, value] of Object.entries(feeds)) {
    tensors[name] = new ort.Tensor(value.type, value.data as never, value.dims);
  }
  const results = await session.run(tensors);
  const values: Record<string, TensorValue> = {};
  for (const [name, tensor] of Object.entries(results)) {
    if (!ArrayBuffer.isView(tensor.data)) throw new Error(`the output "${name}" is not numeric`);
    values[name] = { type: tensor.type as TensorType, dims: tensor.dims, data: tensor.data };
  }
  return values;
}

function sessionOf(id: number): InferenceSession {
  const session = sessions.get(id);
  if (session === undefined) throw new Error('the session was disposed of');
  return session;
}
