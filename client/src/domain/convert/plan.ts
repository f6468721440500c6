import type { CommandLine } from '../pipeline/steps';

/** What the conversion to a cvimodel needs to know. */
export interface CvimodelConversion {
  /** Base name of every by-product; ASCII letters, digits, `-` and `_`. */
  readonly name: string;
  /** The cut ONNX, relative to the working folder or absolute. */
  readonly onnx: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Per channel: y = (pixel − mean) × scale. Must be what the MUD says (spec conversion.md 1.3). */
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  readonly outputs: readonly string[];
  readonly precision: 'int8' | 'bf16';
  /** Folder of calibration pictures of one kind. */
  readonly calibrationFolder: string;
  readonly calibrationPictures: number;
  /** Calibration method as TPU-MLIR spells it; null: its default. */
  readonly calibrationMethod: string | null;
  /** One of the pictures: used to compare ONNX and MLIR layer by layer. */
  readonly testPicture: string;
  /** Least cosine and Euclidean similarity of the quantised model. */
  readonly tolerance: readonly [number, number];
}

/** One of the converter's commands with the file that proves that it worked. */
export interface ConversionCommand extends CommandLine {
  readonly stage: 'transform' | 'calibrate' | 'deploy';
  readonly produces: string;
}

/** Float comparison of ONNX and MLIR: a miss here is a wrong conversion, never quantisation (conversion.md 5.2). */
const TRANSFORM_TOLERANCE = '0.99,0.99';

/** MaixCAM and MaixCAM-Pro carry an SG2002, which TPU-MLIR calls cv181x (spec conversion.md 1.3). */
const PROCESSOR = 'cv181x';

/** File name of the result. */
export function cvimodelName(conversion: CvimodelConversion): string {
  return `${conversion.name}_${conversion.precision}.cvimodel`;
}

/**
 * The TPU-MLIR commands of spec conversion.md 1.3, run one after another in one working folder.
 *
 * The ONNX is cut already, so the outputs are named only to keep their order.
 */
export function cvimodelCommands(conversion: CvimodelConversion): readonly ConversionCommand[] {
  const { name, precision } = conversion;
  const mlir = `${name}.mlir`;
  const reference = `${name}_top_outputs.npz`;
  const table = `${name}_cali_table`;
  const model = cvimodelName(conversion);

  const transform: ConversionCommand = {
    stage: 'transform',
    program: 'model_transform.py',
    args: [
      ...['--model_name', name],
      ...['--model_def', conversion.onnx],
      ...['--input_shapes', `[[1,3,${conversion.height},${conversion.width}]]`],
      ...['--mean', conversion.mean.join(',')],
      ...['--scale', conversion.scale.join(',')],
      '--keep_aspect_ratio',
      ...['--pixel_format', 'rgb'],
      ...['--channel_format', 'nchw'],
      ...['--output_names', conversion.outputs.join(',')],
      ...['--test_input', conversion.testPicture],
      ...['--test_result', reference],
      ...['--tolerance', TRANSFORM_TOLERANCE],
      ...['--mlir', mlir],
    ],
    produces: mlir,
  };
  const deployStart = ['--mlir', mlir, '--quantize', precision.toUpperCase(), '--processor', PROCESSOR];
  const compare = [
    ...['--test_input', `${name}_in_f32.npz`],
    ...['--test_reference', reference],
    ...['--tolerance', conversion.tolerance.join(',')],
  ];
  if (precision === 'bf16') {
    return [
      transform,
      {
        stage: 'deploy',
        program: 'model_deploy.py',
        args: [...deployStart, ...compare, '--model', model],
        produces: model,
      },
    ];
  }
  return [
    transform,
    {
      stage: 'calibrate',
      program: 'run_calibration.py',
      args: [
        mlir,
        ...['--dataset', conversion.calibrationFolder],
        ...['--input_num', String(conversion.calibrationPictures)],
        ...(conversion.calibrationMethod === null ? [] : ['--cali_method', conversion.calibrationMethod]),
        ...['-o', table],
      ],
      produces: table,
    },
    {
      stage: 'deploy',
      program: 'model_deploy.py',
      args: [...deployStart, '--quant_input', ...['--calibration_table', table], ...compare, ...['--model', model]],
      produces: model,
    },
  ];
}
