import { closestWord } from '../../text/closest';
import type { MudContext } from '../context';
import type { Chip } from '../knowledge/schema';
import type { MudItem } from '../tree';

/** Endings that name another tool's format, and what it is. */
const FOREIGN: Readonly<Record<string, string>> = {
  '.onnx': 'ONNX',
  '.pt': 'PyTorch',
  '.pth': 'PyTorch',
  '.tflite': 'TensorFlow Lite',
  '.bmodel': 'Sophgo bmodel',
  '.rknn': 'Rockchip RKNN',
  '.kmodel': 'Kendryte kmodel',
  '.param': 'ncnn',
  '.bin': 'a binary',
  '.engine': 'TensorRT',
};

/** The chip that a model file's ending names; null for another ending. */
export function chipOfEnding(name: string): Chip | null {
  if (/\.cvimodel$/i.test(name)) return 'maixcam';
  return /\.axmodel$/i.test(name) ? 'maixcam2' : null;
}

/** The format of another tool that the ending names; null where it says nothing. */
export function foreignFormat(name: string): string | null {
  const dot = name.lastIndexOf('.');
  return dot === -1 ? null : (FOREIGN[name.slice(dot).toLowerCase()] ?? null);
}

/** The keys of `[basic]` that name the model, with a value. */
export function modelItems(context: MudContext): MudItem[] {
  return ['model', 'model_npu', 'model_vnpu'].flatMap((key) => {
    const item = context.item('basic', key);
    return item === undefined || item.value.text === '' ? [] : [item];
  });
}

/** Names in the folder of a file that the document names; empty where nothing can be looked up. */
export function folderNames(context: MudContext, written: string): readonly string[] {
  const { document } = context;
  if (document.files === null) return [];
  const slash = written.lastIndexOf('/');
  return document.files.list(document.files.resolve(document.path, slash === -1 ? '.' : written.slice(0, slash + 1)));
}

/** The file that was most likely meant, as it should be written; null where none is near. */
export function nearestFile(context: MudContext, written: string, endings: readonly string[]): string | null {
  const slash = written.lastIndexOf('/');
  const folder = written.slice(0, slash + 1);
  const wanted = written.slice(slash + 1);
  const names = folderNames(context, written).filter(
    (name) => endings.length === 0 || endings.some((ending) => name.endsWith(ending)),
  );
  const sameButCase = names.find((name) => name.toLowerCase() === wanted.toLowerCase());
  const near = sameButCase ?? closestWord(wanted, names) ?? (names.length === 1 ? names[0] : undefined);
  return near === undefined || near === wanted ? null : `${folder}${near}`;
}
