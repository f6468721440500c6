import type { OnnxModel } from '../core/onnx/model';
import { readOnnx } from '../core/onnx/read';
import { AppError } from '../core/problems/app-error';
import { formatBytes } from '../core/text/bytes';
import { openFileSource, type FileSource } from './file-source';
import { identify, type FileIdentity } from './identify';

/** An ONNX file that was read; the caller closes `source` when it needs no more of its bytes. */
export interface OnnxFile {
  readonly source: FileSource;
  readonly model: OnnxModel;
}

/**
 * Opens a file and reads it as ONNX. Whatever else the file turns out to be is named, with what to do about it
 * (spec conversion.md 4.3).
 *
 * @throws AppError the codes of `openFileSource`; `ONNX_EMPTY`, `ONNX_IS_HTML`, `ONNX_IS_LFS_POINTER`,
 *   `ONNX_IS_PYTORCH`, `ONNX_IS_ZIP`, `ONNX_IS_GZIP`, `ONNX_IS_JSON`, `ONNX_IS_NUMPY`, `ONNX_IS_TFLITE`,
 *   `ONNX_IS_CVIMODEL`, `ONNX_IS_AXMODEL`, `ONNX_TRUNCATED`, `ONNX_INVALID`, `ONNX_NO_GRAPH`.
 */
export function openOnnxFile(path: string): OnnxFile {
  const source = openFileSource(path);
  try {
    const identity = identify(source);
    if (identity.format !== 'onnx') throw refusal(path, identity);
    const model = readOnnx(source);
    if (model.opsetImports.length === 0) {
      // Written after the graph, so a file that was cut off exactly there still parses.
      throw new AppError({
        code: 'ONNX_TRUNCATED',
        message: `${path} names no operator set: its end is missing, or the program that wrote it was stopped.`,
        hint: 'Copy or export the model again and compare the file sizes.',
      });
    }
    return { source, model };
  } catch (thrown) {
    source.close();
    throw thrown;
  }
}

function refusal(path: string, identity: Exclude<FileIdentity, { format: 'onnx' }>): AppError {
  switch (identity.format) {
    case 'empty':
      return new AppError({
        code: 'ONNX_EMPTY',
        message: `${path} is empty (0 bytes): a download or an export failed.`,
        hint: 'Download or export the model again.',
      });
    case 'html':
      return new AppError({
        code: 'ONNX_IS_HTML',
        message: `${path} is a web page (HTML or XML), not a model: the server sent a page instead of the file.`,
        hint: 'Open the link in a browser, sign in if it asks for it, and download the raw file.',
      });
    case 'git-lfs-pointer': {
      const size = identity.bytes === null ? '' : ` of ${formatBytes(identity.bytes)}`;
      return new AppError({
        code: 'ONNX_IS_LFS_POINTER',
        message: `${path} is a Git LFS pointer: a short text that stands for a file${size} which was not fetched.`,
        hint: 'Run `git lfs install` and `git lfs pull` in that repository, then try again.',
      });
    }
    case 'pytorch':
      return new AppError({
        code: 'ONNX_IS_PYTORCH',
        message: `${path} is a PyTorch checkpoint (.pt), not an ONNX model.`,
        hint: 'Export it first: `yolo export model=FILE.pt format=onnx opset=17`, or the export step of a recipe.',
      });
    case 'zip':
      return new AppError({
        code: 'ONNX_IS_ZIP',
        message: `${path} is a zip archive, not an ONNX model.`,
        hint: 'Unpack it and use the .onnx file inside.',
      });
    case 'gzip':
      return new AppError({
        code: 'ONNX_IS_GZIP',
        message: `${path} is compressed with gzip.`,
        hint: 'Unpack it with `gunzip` (or `tar xzf` for a .tar.gz) and use the .onnx file.',
      });
    case 'json':
      return new AppError({
        code: 'ONNX_IS_JSON',
        message: `${path} is JSON text, not an ONNX model: often the answer of a server that refused a download.`,
        hint: 'Read the text to see what it says, and download the model again.',
      });
    case 'numpy':
      return new AppError({
        code: 'ONNX_IS_NUMPY',
        message: `${path} holds NumPy arrays (.npz or .npy), not an ONNX model.`,
        hint: 'Give the .onnx file that the arrays belong to.',
      });
    case 'tflite':
      return new AppError({
        code: 'ONNX_IS_TFLITE',
        message: `${path} is a TensorFlow Lite model, not an ONNX model.`,
        hint: 'Export the original model with format=onnx.',
      });
    case 'cvimodel':
      return new AppError({
        code: 'ONNX_IS_CVIMODEL',
        message: `${path} is a cvimodel: already converted for the MaixCAM, it cannot be turned back into ONNX.`,
        hint: 'Use the .onnx file that it was converted from; `maixcam inspect` shows what the cvimodel holds.',
      });
    case 'axmodel':
      return new AppError({
        code: 'ONNX_IS_AXMODEL',
        message: `${path} is an axmodel (written by Pulsar2): already converted for the MaixCAM2, only the chip can run it.`,
        hint: 'Use the .onnx file that it was converted from; `maixcam inspect` shows what the axmodel holds.',
      });
    case 'truncated':
      return new AppError({
        code: 'ONNX_TRUNCATED',
        message: `${path} is incomplete: it begins as ${identity.of === 'onnx' ? 'an ONNX model' : identity.of === 'axmodel' ? 'an axmodel' : 'a cvimodel'} and ends in the middle.`,
        hint: 'Copy, download or export it again and compare the file sizes.',
      });
    case 'unknown':
      return new AppError({
        code: 'ONNX_INVALID',
        message: `${path} is not an ONNX model: its first bytes fit no model format.`,
        hint: 'Check that this is the right file; export the model again with format=onnx.',
      });
  }
}
