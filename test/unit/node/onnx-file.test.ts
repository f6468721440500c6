import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync, gunzipSync, gzipSync } from 'node:zlib';
import { bytesSource } from '../../../server/src/core/ports';
import { AppError } from '../../../server/src/core/problems/app-error';
import { identify } from '../../../server/src/node/identify';
import { openOnnxFile } from '../../../server/src/node/onnx-file';
import { onnxFixture } from '../../support/onnx-fixtures';
import { useTempFolder } from '../../support/temp-folder';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** The local header and data of one file in a zip archive. */
function zipOf(name: string): Uint8Array {
  const data = deflateRawSync(Buffer.from('content'));
  const header = Buffer.alloc(30);
  header.write('PK\u0003\u0004', 'latin1');
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), data]);
}

const LFS_POINTER = `version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 10453312
`;

const OTHER_FILES: readonly (readonly [string, Uint8Array, string, string])[] = [
  ['an empty file', new Uint8Array(0), 'ONNX_EMPTY', 'again'],
  ['a web page', text('<!DOCTYPE html>\n<html><body>404</body></html>'), 'ONNX_IS_HTML', 'raw file'],
  ['a web page behind a BOM and blanks', text('\ufeff \r\n<html>'), 'ONNX_IS_HTML', 'raw file'],
  ['a Git LFS pointer', text(LFS_POINTER), 'ONNX_IS_LFS_POINTER', 'git lfs pull'],
  ['a PyTorch checkpoint', zipOf('best/data.pkl'), 'ONNX_IS_PYTORCH', 'format=onnx'],
  [
    'a PyTorch checkpoint of the old kind',
    Uint8Array.of(0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a),
    'ONNX_IS_PYTORCH',
    'format=onnx',
  ],
  ['a zip archive', zipOf('best.onnx'), 'ONNX_IS_ZIP', 'Unpack'],
  ['NumPy arrays', zipOf('images.npy'), 'ONNX_IS_NUMPY', '.onnx'],
  ['a gzip file', gzipSync(text('x')), 'ONNX_IS_GZIP', 'gunzip'],
  ['JSON', text('{"message": "Not Found"}'), 'ONNX_IS_JSON', 'download'],
  ['a TensorFlow Lite model', text('\u001c\0\0\0TFL3\0\0'), 'ONNX_IS_TFLITE', 'format=onnx'],
  ['plain text', text('hello, this is no model'), 'ONNX_INVALID', 'format=onnx'],
  ['noise', Uint8Array.from({ length: 4000 }, (_, index) => (index * 197 + 131) & 0xff), 'ONNX_INVALID', 'format=onnx'],
  [
    'an axmodel',
    Buffer.concat([Uint8Array.of(0x08, 8, 0x12, 7), text('Pulsar2'), Uint8Array.of(0x3a, 0)]),
    'ONNX_IS_AXMODEL',
    'converted from',
  ],
];

const CVIMODELS = readdirSync('test/fixtures/cvimodel').filter((file) => file.endsWith('.cvimodel.gz'));

function cvimodel(file: string): Uint8Array {
  return gunzipSync(readFileSync(path.join('test/fixtures/cvimodel', file)));
}

describe('openOnnxFile', () => {
  const temp = useTempFolder();
  const open = (bytes: Uint8Array): void => {
    writeFileSync(temp.file('модель 模型.onnx'), bytes);
    openOnnxFile(temp.file('модель 模型.onnx')).source.close();
  };
  const refusal = (bytes: Uint8Array): AppError => {
    try {
      open(bytes);
    } catch (thrown) {
      if (thrown instanceof AppError) return thrown;
      throw thrown;
    }
    return assert.fail('the file was accepted');
  };

  for (const [what, bytes, code, hint] of OTHER_FILES) {
    it(`refuses ${what} and says what to do`, () => {
      const error = refusal(bytes);
      assert.equal(error.code, code);
      assert.ok(error.message.includes('модель 模型.onnx'), error.message);
      assert.ok(error.hint.includes(hint), error.hint);
    });
  }

  it('says how large the file behind a Git LFS pointer is', () => {
    assert.match(refusal(text(LFS_POINTER)).message, /10\.5 MB/);
  });

  it('refuses every cvimodel', () => {
    assert.ok(CVIMODELS.length > 0);
    for (const file of CVIMODELS) assert.equal(refusal(cvimodel(file)).code, 'ONNX_IS_CVIMODEL', file);
  });

  it('opens a model under a name with blanks and non-ASCII characters', () => {
    const { bytes, model } = onnxFixture('trained/shapes-yolov8-detect');
    writeFileSync(temp.file('модель 模型.onnx'), bytes);
    const opened = openOnnxFile(temp.file('модель 模型.onnx'));
    opened.source.close();
    assert.equal(opened.model.graph.nodes.length, model.graph.nodes.length);
  });

  it('finds a model truncated wherever it was cut off, in the middle of weights too', () => {
    const { bytes } = onnxFixture('trained/shapes-yolov8-detect');
    for (let part = 1; part < 40; part += 1) {
      const length = Math.floor((bytes.length * part) / 40);
      assert.equal(refusal(bytes.subarray(0, length)).code, 'ONNX_TRUNCATED', `${length} of ${bytes.length} bytes`);
    }
    for (const missing of [1, 2, 3]) assert.equal(refusal(bytes.subarray(0, -missing)).code, 'ONNX_TRUNCATED');
  });

  it('finds a model truncated exactly behind its graph', () => {
    const { bytes, model } = onnxFixture('trained/shapes-yolov8-detect');
    const afterGraph = model.otherFields.find((entry) => entry.field === 8);
    assert.ok(afterGraph);
    assert.equal(refusal(bytes.subarray(0, afterGraph.range.offset - 2)).code, 'ONNX_TRUNCATED');
  });
});

describe('identify', () => {
  it('tells a truncated cvimodel from a whole one', () => {
    const bytes = cvimodel('yolov8-detect-2out.cvimodel.gz');
    assert.deepEqual(identify(bytesSource(bytes)), { format: 'cvimodel' });
    assert.deepEqual(identify(bytesSource(bytes.subarray(0, 20))), { format: 'truncated', of: 'cvimodel' });
    assert.deepEqual(identify(bytesSource(bytes.subarray(0, 200))), { format: 'truncated', of: 'cvimodel' });
  });
});
