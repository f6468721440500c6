import path from 'node:path';
import type { Head } from '../../../../server/src/core/onnx/heads/head';
import { recognizeModel } from '../../../../server/src/core/onnx/heads/recognize';
import type { OnnxModel, Shape, ValueInfo } from '../../../../server/src/core/onnx/model';
import { openOnnxFile } from '../../../../server/src/node/onnx-file';
import type { CommandResult } from '../result';
import type { CommandContext } from '../runtime';
import { formatShape, formatTable } from '../table';

/** The document of cli.md: a public contract; fields are added, never renamed. */
interface OnnxReport {
  readonly irVersion: number;
  readonly opset: number;
  /** Name and version of the exporter. */
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly TensorEntry[];
  readonly outputs: readonly TensorEntry[];
  readonly nodes: number;
  /** Elements of all stored tensors. */
  readonly parameters: number;
  /** Null: no head that is known. `inputSize` in it is null where the graph leaves its size open. */
  readonly head: Pick<
    Head,
    'family' | 'task' | 'classes' | 'era' | 'endToEnd' | 'strides' | 'inputSize' | 'embeddedNms' | 'decoder'
  > | null;
}

interface TensorEntry {
  readonly name: string;
  readonly type: string;
  readonly shape: Shape | null;
}

/** What an ONNX model is. */
export function describeModel(context: CommandContext, file: string): CommandResult {
  const report = reportOf(path.resolve(context.cwd, file));
  return { json: report, text: describe(file, report) };
}

function reportOf(file: string): OnnxReport {
  const { source, model } = openOnnxFile(file);
  try {
    const { head } = recognizeModel(model, source);
    return {
      irVersion: model.irVersion,
      opset: model.opset,
      producer: `${model.producer.name} ${model.producer.version}`.trim(),
      metadata: model.metadata,
      inputs: model.graph.inputs.filter((input) => !model.graph.initializers.has(input.name)).map(entryOf),
      outputs: model.graph.outputs.map(entryOf),
      nodes: model.graph.nodes.length,
      parameters: parametersOf(model),
      head: head === null ? null : headOf(head),
    };
  } finally {
    source.close();
  }
}

function entryOf({ name, type, shape }: ValueInfo): TensorEntry {
  return { name, type, shape };
}

function headOf(head: Head): OnnxReport['head'] {
  const { family, task, classes, era, endToEnd, strides, inputSize, embeddedNms, decoder } = head;
  return { family, task, classes, era, endToEnd, strides, inputSize, embeddedNms, decoder };
}

function parametersOf(model: OnnxModel): number {
  let count = 0;
  for (const tensor of model.graph.initializers.values()) {
    count += tensor.dims.reduce((product, dimension) => product * dimension, 1);
  }
  return count;
}

/** Metadata that fills screens without telling anything about the model. */
const LONG_METADATA: ReadonlySet<string> = new Set(['license', 'docs', 'author', 'args', 'date']);

function describe(file: string, report: OnnxReport): string {
  const rows: string[][] = [
    ['Format', `IR version ${report.irVersion}, opset ${report.opset}, by ${report.producer || 'an unnamed program'}`],
    ['Graph', `${report.nodes} nodes, ${report.parameters.toLocaleString('en')} parameters`],
    ...report.inputs.map((entry) => ['Input', tensorText(entry)]),
    ...report.outputs.map((entry) => ['Output', tensorText(entry)]),
    ...headRows(report.head),
    ...Object.entries(report.metadata)
      .filter(([key]) => !LONG_METADATA.has(key))
      .map(([key, value]) => [key, shortened(value, 200)]),
  ];
  return `${file}\n${formatTable(rows, 1)}`;
}

function headRows(head: OnnxReport['head']): string[][] {
  if (head === null) return [['Head', 'none that is known: its outputs have to be chosen by hand']];
  const classes = `${head.classes} class${head.classes === 1 ? '' : 'es'}`;
  const rows = [['Head', `${head.family} ${head.task}, ${classes}, ${ERA_TEXT[head.era]}`]];
  if (head.strides.length > 0) {
    const nms = head.endToEnd ? 'one box per object (no NMS needed)' : 'overlapping boxes (NMS needed)';
    rows.push(['Levels', `strides ${head.strides.join(', ')}; ${nms}`]);
  }
  const size =
    head.inputSize === null ? 'left open' : `${head.inputSize.width}×${head.inputSize.height} (width×height)`;
  rows.push(['Size', size]);
  return rows;
}

const ERA_TEXT: Readonly<Record<Head['era'], string>> = {
  yolov5: 'anchor maps as of YOLOv5',
  'ultralytics-8.3': 'as exported by Ultralytics 8.0 to 8.3',
  'ultralytics-8.4': 'as exported by Ultralytics 8.4 and later',
  unknown: 'exporter unknown',
};

function tensorText({ name, type, shape }: TensorEntry): string {
  const sizes = shape?.map((size) => (typeof size === 'string' ? shortened(size, 24) : size)) ?? null;
  return `${shortened(name, 200)}: ${type} ${formatShape(sizes)}`;
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
