import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { concatBytes, fieldHeader, valueInfoField } from '../../../../server/src/core/onnx/cut/encode';
import type { DataType, OnnxModel } from '../../../../server/src/core/onnx/model';
import { writeFailure } from '../../../../server/src/node/write-failure';

/** ModelProto.graph and GraphProto.output (onnx.proto). */
const MODEL_GRAPH = 7;
const GRAPH_OUTPUT = 12;

/**
 * A copy of a model, in `folder`, that gives inner tensors out as well: a fragment with further outputs is put behind
 * the file, and protobuf merges it into the graph. So the original is run as it is, untouched by our own cutting.
 * External data is linked beside the copy, or copied where links are not possible.
 *
 * @returns the path of the copy.
 */
export async function instrument(
  modelPath: string,
  model: OnnxModel,
  tensors: ReadonlyMap<string, DataType>,
  folder: string,
): Promise<string> {
  const copy = path.join(folder, `original-${randomBytes(4).toString('hex')}.onnx`);
  const present = new Set(model.graph.outputs.map((output) => output.name));
  const extra = [...tensors].filter(([name]) => !present.has(name));
  const outputs = concatBytes(extra.map(([name, type]) => valueInfoField(GRAPH_OUTPUT, name, type, null)));
  try {
    await fs.copyFile(modelPath, copy, fs.constants.COPYFILE_FICLONE);
    await fs.chmod(copy, 0o600);
    await fs.appendFile(copy, concatBytes([fieldHeader(MODEL_GRAPH, outputs.length), outputs]));
    for (const location of externalLocations(model)) {
      const target = path.join(folder, location);
      if (path.relative(folder, target).startsWith('..')) continue;
      await fs.mkdir(path.dirname(target), { recursive: true });
      const from = path.join(path.dirname(modelPath), location);
      await fs.link(from, target).catch(() => fs.copyFile(from, target));
    }
  } catch (thrown) {
    throw writeFailure(copy, thrown);
  }
  return copy;
}

function externalLocations(model: OnnxModel): ReadonlySet<string> {
  const locations = new Set<string>();
  for (const tensor of model.graph.initializers.values()) {
    const location = tensor.external?.get('location');
    if (location !== undefined) locations.add(location);
  }
  return locations;
}
