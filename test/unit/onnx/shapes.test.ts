import assert from 'node:assert/strict';
import { inferShapes } from '../../../server/src/core/onnx/shapes/infer';
import { onnxFixture, onnxFixtureNames } from '../../support/onnx-fixtures';

const names = [...onnxFixtureNames('heads'), ...onnxFixtureNames('trained')];

describe('onnx/shapes', () => {
  for (const name of names) {
    it(`${name}: own inference agrees with every shape that the exporter stored`, () => {
      const { model, source } = onnxFixture(name);
      const own = inferShapes(model, source, { stored: false });
      for (const info of [...model.graph.valueInfo.values(), ...model.graph.outputs]) {
        assert.deepEqual(own.of(info.name), info.shape, info.name);
      }
    });
  }

  it('yolov5-7.0-detect: every tensor has a shape although the file stores none', () => {
    const { model, source } = onnxFixture('heads/yolov5-7.0-detect');
    assert.equal(model.graph.valueInfo.size, 0);
    const shapes = inferShapes(model, source);
    for (const node of model.graph.nodes) {
      for (const output of node.outputs) assert.ok(shapes.fixed(output), output);
    }
    assert.deepEqual(shapes.fixed('/model.24/m.0/Conv_output_0'), [1, 24, 28, 40]);
    assert.deepEqual(shapes.fixed('/model.24/Reshape_output_0'), [1, 3, 8, 28, 40]);
  });

  it('computes another size from the input alone', () => {
    const { model, source } = onnxFixture('heads/yolov5-7.0-detect');
    const shapes = inferShapes(model, source, { inputs: new Map([['images', [1, 3, 640, 480]]]) });
    assert.deepEqual(shapes.fixed('/model.24/m.2/Conv_output_0'), [1, 24, 20, 15]);
  });
});
