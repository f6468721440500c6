import { isModelFile } from '../model';
import type { Wanted } from './near-path';
import { lookedFor, pathFix, pathProblem, writtenPath, type PathRule } from './rule';

const isOnnx: Wanted = (name, kind) => kind === 'file' && /\.onnx$/i.test(name);
const isWeights: Wanted = (name, kind) => kind === 'file' && /\.pt$/i.test(name);

/** RECIPE025: the finished model is not there; the step *Outputs* would stop. */
export const onnxFile: PathRule = {
  code: 'RECIPE025',
  check(context) {
    const path = writtenPath(context, ['onnx']);
    if (path?.kind !== 'absent') return [];
    const message = `The model \`${path.written}\` does not exist${lookedFor(path)}. Write the path of an ONNX file relative to this file.`;
    return [pathProblem(context, 'RECIPE025', path, message, isOnnx)];
  },
};

/** RECIPE028 for models: a folder is none. */
export const modelKind: PathRule = {
  code: 'RECIPE028',
  check(context) {
    return [
      { key: ['onnx'], wanted: isOnnx },
      { key: ['train', 'model'], wanted: isWeights },
    ].flatMap(({ key, wanted }) => {
      const path = writtenPath(context, key);
      if (path?.kind !== 'folder' || (key[0] === 'train' && !isModelFile(path.written))) return [];
      const message = `\`${path.written}\` is a folder, and a model is a file. Write the path of the file in it.`;
      return [pathProblem(context, 'RECIPE028', path, message, wanted)];
    });
  },
};

/** RECIPE026: the weights or the model's YAML are not there. Nothing is downloaded, so the training would stop. */
export const modelFile: PathRule = {
  code: 'RECIPE026',
  check(context) {
    const path = writtenPath(context, ['train', 'model']);
    if (path?.kind !== 'absent' || !isModelFile(path.written)) return [];
    // `yolov8n.yaml` is Ultralytics' own name for what a recipe calls `yolov8n`.
    const own = /^(yolo(?:v[58]|11|26)[nsmlx](?:-(?:pose|seg|obb|cls))?)\.(pt|ya?ml)$/i.exec(path.written);
    const pretrained = own?.[2]?.toLowerCase() === 'pt';
    const more = own === null ? [] : [pathFix(context, path.place, own[1] ?? '', !pretrained)];
    const advice = pretrained
      ? `Nothing is downloaded: put the weights beside this file, or write ${own[1] ?? ''} to start from nothing.`
      : 'Write its path relative to this file, or the name of a model such as yolov8n.';
    const message = `The model file \`${path.written}\` does not exist${lookedFor(path)}. ${advice}`;
    const same: Wanted = /\.pt$/i.test(path.written) ? isWeights : () => false;
    return [pathProblem(context, 'RECIPE026', path, message, same, more)];
  },
};
