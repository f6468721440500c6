import { checkAxmodel, readAxmodel } from '../../../../server/src/core/axmodel/read';
import { checkCvimodel } from '../../../../server/src/core/cvimodel/check';
import { readCvimodel } from '../../../../server/src/core/cvimodel/read';
import { readOnnx } from '../../../../server/src/core/onnx/read';
import { AppError } from '../../../../server/src/core/problems/app-error';
import type { ModelProblem } from '../../../../server/src/core/problems/model-problem';
import { openFileSource, type FileSource } from '../../../../server/src/node/file-source';
import { identify, type FileIdentity } from '../../../../server/src/node/identify';
import { ExitCode, type CommandResult } from '../result';
import { formatShape } from '../table';

interface TensorEntry {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string | null)[] | null;
  /** Factor from real value to stored integer; null for floats. */
  readonly scale: number | null;
}

/** The document of cli.md: a public contract; fields are added, never renamed. */
interface Inspection {
  readonly format: string;
  readonly valid: boolean;
  readonly problems: readonly ModelProblem[];
  /** What the model was built for; null for formats that know no chip. */
  readonly chip: string | null;
  readonly version: string | null;
  readonly inputs: readonly TensorEntry[];
  readonly outputs: readonly TensorEntry[];
  /** In bytes. Null where nothing can be said. */
  readonly memory: Readonly<Record<string, number>> | null;
  readonly bytes: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a model file is, and whether a board can use it. */
export function inspectModel(file: string): CommandResult {
  const inspection = inspectFile(file);
  return {
    json: inspection,
    text: describe(file, inspection),
    exitCode: inspection.valid ? ExitCode.Done : ExitCode.Problem,
  };
}

function inspectFile(path: string): Inspection {
  const source = openFileSource(path);
  try {
    const identity = identify(source);
    const format = identity.format === 'truncated' ? identity.of : identity.format;
    try {
      if (format === 'cvimodel') return inspectCvimodel(source);
      if (format === 'axmodel') return inspectAxmodel(source);
      if (format === 'onnx') return inspectOnnx(source);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      const { code, message, hint } = thrown;
      return unusable(format, source, { code, severity: 'error', message, hint });
    }
    return unusable(format, source, otherFormat(identity));
  } finally {
    source.close();
  }
}

function inspectCvimodel(source: FileSource): Inspection {
  const model = readCvimodel(source);
  const problems = checkCvimodel(model);
  const tensor = (entry: (typeof model.inputs)[number]): TensorEntry & Record<string, unknown> => ({
    name: entry.name,
    type: entry.type,
    shape: entry.shape,
    scale: entry.type === 'float32' ? null : entry.scale,
    zeroPoint: entry.zeroPoint,
    pixelFormat: entry.pixelFormat === '' ? null : entry.pixelFormat,
    aligned: entry.aligned,
  });
  return {
    format: 'cvimodel',
    valid: isValid(problems),
    problems,
    chip: model.chip,
    version: `${model.version.major}.${model.version.minor}`,
    inputs: model.inputs.map(tensor),
    outputs: model.outputs.map(tensor),
    memory: { ...model.memory },
    bytes: source.size,
    details: {
      name: model.name,
      buildTime: model.buildTime,
      converter: model.mlirVersion,
      checksum: model.checksum,
      sections: model.sections,
      cpuFunctions: model.cpuFunctions,
    },
  };
}

function inspectAxmodel(source: FileSource): Inspection {
  const model = readAxmodel(source);
  const problems = checkAxmodel(model);
  const tensor = (entry: (typeof model.inputs)[number]): TensorEntry & Record<string, unknown> => ({
    ...entry,
    scale: null,
  });
  return {
    format: 'axmodel',
    valid: isValid(problems),
    problems,
    chip: model.hardware === 1 ? 'AX620E' : model.hardware === null ? 'AX650' : `hardware ${model.hardware}`,
    version: model.toolVersion === '' ? null : model.toolVersion,
    inputs: model.inputs.map(tensor),
    outputs: model.outputs.map(tensor),
    memory: { ...model.memory },
    bytes: source.size,
    details: { npuMode: model.npuMode, cpuOperators: model.cpuOperators },
  };
}

function inspectOnnx(source: FileSource): Inspection {
  const model = readOnnx(source);
  const tensor = ({ name, type, shape }: (typeof model.graph.inputs)[number]): TensorEntry => ({
    name,
    type,
    shape,
    scale: null,
  });
  let weights = 0;
  for (const initializer of model.graph.initializers.values()) weights += initializer.raw?.length ?? 0;
  return {
    format: 'onnx',
    valid: true,
    problems: [],
    chip: null,
    version: `opset ${model.opset}`,
    inputs: model.graph.inputs.filter(({ name }) => !model.graph.initializers.has(name)).map(tensor),
    outputs: model.graph.outputs.map(tensor),
    memory: { total: weights, weights },
    bytes: source.size,
    details: { irVersion: model.irVersion, producer: model.producer, nodes: model.graph.nodes.length },
  };
}

function isValid(problems: readonly ModelProblem[]): boolean {
  return problems.every((problem) => problem.severity !== 'error');
}

function unusable(format: string, source: FileSource, problem: ModelProblem): Inspection {
  return {
    format,
    valid: false,
    problems: [problem],
    chip: null,
    version: null,
    inputs: [],
    outputs: [],
    memory: null,
    bytes: source.size,
    details: {},
  };
}

/** What to say of a file that is no model for a board (spec conversion.md 4.3). */
function otherFormat(identity: FileIdentity): ModelProblem {
  const problem = (message: string, hint: string): ModelProblem => ({
    code: `FILE_IS_${identity.format.toUpperCase().replaceAll('-', '_')}`,
    severity: 'error',
    message,
    hint,
  });
  switch (identity.format) {
    case 'empty':
      return problem('The file is empty: a download or a conversion failed.', 'Download or convert the model again.');
    case 'html':
      return problem(
        'The file is a web page: the server sent a page instead of the model.',
        'Open the link in a browser and download the raw file.',
      );
    case 'git-lfs-pointer':
      return problem(
        'The file is a Git LFS pointer: a short text that stands for a model which was not fetched.',
        'Run `git lfs pull` in that repository.',
      );
    case 'pytorch':
      return problem(
        'The file is a PyTorch checkpoint; boards run converted models only.',
        'Export it to ONNX and convert that.',
      );
    case 'tflite':
      return problem(
        'The file is a TensorFlow Lite model; the boards do not run it.',
        'Export the original model to ONNX and convert that.',
      );
    case 'zip':
    case 'gzip':
      return problem('The file is an archive.', 'Unpack it and inspect the model inside.');
    case 'numpy':
      return problem('The file holds NumPy arrays, not a model.', 'Give the model that they belong to.');
    case 'json':
      return problem('The file is JSON text, not a model.', 'Read it: a server may have refused the download.');
    default:
      return problem(
        'The file is in no format that this program knows.',
        'Check that it is the right file: .onnx, .cvimodel and .axmodel are understood.',
      );
  }
}

function describe(path: string, inspection: Inspection): string {
  const { format, version, chip } = inspection;
  const about = [version, chip === null ? null : `for ${chip}`].filter((part) => part !== null).join(', ');
  const lines = [`${path}: ${format}${about === '' ? '' : ` (${about})`}, ${inspection.bytes} bytes`];
  const tensors: readonly (readonly [string, readonly TensorEntry[]])[] = [
    ['Inputs', inspection.inputs],
    ['Outputs', inspection.outputs],
  ];
  for (const [title, entries] of tensors) {
    if (entries.length === 0) continue;
    lines.push(`  ${title}:`);
    for (const { name, type, shape, scale } of entries) {
      lines.push(`    ${type} ${formatShape(shape)}${scale === null ? '' : ` scale ${scale.toPrecision(6)}`}  ${name}`);
    }
  }
  const total = inspection.memory?.total;
  if (total !== undefined && chip !== null) lines.push(`  Memory on the board: ${(total / 1024 / 1024).toFixed(2)} MB`);
  for (const { severity, message, hint } of inspection.problems) lines.push(`  ${severity}: ${message}\n    ${hint}`);
  if (inspection.valid && inspection.problems.length === 0) lines.push('  No problems found.');
  return lines.join('\n');
}
