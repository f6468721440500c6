import assert from 'node:assert/strict';
import { classNames } from '../../../server/src/core/onnx/class-names';

describe('class names in the metadata', () => {
  it('reads Python dicts and lists', () => {
    assert.deepEqual(classNames("{0: 'circle', 1: 'square'}"), ['circle', 'square']);
    assert.deepEqual(classNames("['a', 'b']"), ['a', 'b']);
    assert.deepEqual(classNames("{1: 'b', 0: 'a'}"), ['a', 'b']);
  });

  it('unescapes as Python does', () => {
    assert.deepEqual(classNames(`{0: "it's", 1: 'a, \\'b\\'', 2: 'caf\\xe9 \\u56fe', 3: 'x: {1}'}`), [
      "it's",
      "a, 'b'",
      'café 图',
      'x: {1}',
    ]);
  });

  it('does not guess', () => {
    for (const text of [undefined, '', '{}', 'cat', "{0: 'a', 2: 'c'}", "{0: 'a' 1: 'b'}", "{0: 'a", '{0: 1}']) {
      assert.equal(classNames(text), null, String(text));
    }
  });
});
