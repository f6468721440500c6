import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { errorOf, maixcam, maixcamEach } from '../support/cli';
import { modelWithInput, unpackModel, YOLOV8 } from '../support/model-files';

/** Issue 3, "bad input, by name": models that cannot be used, through every command that reads one. */
describe('models that cannot be used', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'maixcam bäd 图 '));
  const recipe = path.join(folder, 'r.maixcam.yaml');

  function writeRecipe(onnx: string, extra = ''): void {
    const text = `board: maixcam\nonnx: ${onnx}\nconvert: { calibration: { folder: pictures } }\n${extra}`;
    writeFileSync(recipe, text);
  }

  before(() => {
    mkdirSync(path.join(folder, 'pictures'));
    unpackModel(folder, YOLOV8);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  interface BadModel {
    readonly title: string;
    readonly make: (file: string) => void;
    readonly code: RegExp;
    readonly message: RegExp;
    readonly hint: RegExp;
  }

  /** What `torch.save` writes begins with the first entry of its zip container. */
  function torchFile(): Buffer {
    const name = 'best/data.pkl';
    const header = Buffer.alloc(30);
    header.write('PK\u0003\u0004', 'latin1');
    header.writeUInt16LE(name.length, 26);
    return Buffer.concat([header, Buffer.from(name), Buffer.alloc(500)]);
  }

  const FILES: readonly BadModel[] = [
    {
      title: 'a truncated one',
      make: (file) => writeFileSync(file, readFileSync(path.join(folder, 'model.onnx')).subarray(0, 90_000)),
      code: /TRUNCATED|INCOMPLETE/,
      message: /incomplete/,
      hint: /again/,
    },
    {
      title: 'a web page',
      make: (file) => writeFileSync(file, '<!DOCTYPE html><html><title>Not found</title></html>'),
      code: /HTML/,
      message: /web page/,
      hint: /browser/,
    },
    {
      title: 'a Git LFS pointer',
      make: (file) => writeFileSync(file, `version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n`),
      code: /LFS/,
      message: /Git LFS pointer/,
      hint: /git lfs pull/,
    },
    {
      title: 'a PyTorch file',
      make: (file) => writeFileSync(file, torchFile()),
      code: /PYTORCH/,
      message: /PyTorch/,
      hint: /Export/,
    },
    { title: 'an empty file', make: (file) => writeFileSync(file, ''), code: /EMPTY/, message: /empty/, hint: /again/ },
    {
      title: 'a file that is not there',
      make: (file) => rmSync(file, { force: true }),
      code: /NOT_FOUND/,
      message: /no file|does not exist/i,
      hint: /path/i,
    },
  ];

  for (const { title, make, code, message, hint } of FILES) {
    it(`${title}: the same reason from every command`, async () => {
      const file = path.join(folder, 'bad.onnx');
      make(file);
      writeRecipe('bad.onnx');
      const cut = path.join(folder, 'cut.onnx');
      const calls = [
        ['cut', file, '-o', cut, '--board', 'maixcam'],
        ['run', recipe, '--until', 'cut'],
        // All go through one door; once is enough for the others.
        ...(title === 'a truncated one'
          ? [
              ['onnx', file],
              ['outputs', file, '--board', 'maixcam'],
              ['verify', path.join(folder, 'model.onnx'), '--against', file],
            ]
          : []),
      ];
      const ends = await maixcamEach(calls.map((call) => [...call, '--json']));
      for (const [index, end] of ends.entries()) {
        const call = calls[index]?.[0];
        assert.equal(end.status, 1, `${call}: ${end.stdout}${end.stderr}`);
        const error = errorOf(end);
        assert.match(error.code, code, call);
        assert.match(error.message, message, call);
        assert.match(error.hint, hint, call);
      }
      assert.ok(!existsSync(cut));
      assertNothingHalfMade();
    });
  }

  it('says for a damaged file what inspect finds in it', async () => {
    const file = path.join(folder, 'bad.onnx');
    for (const { make, message, title } of FILES.slice(0, 5)) {
      make(file);
      const end = await maixcam(['inspect', file, '--json']);
      assert.equal(end.status, 1, title);
      assert.equal(end.json?.valid, false, title);
      const [problem] = end.json.problems as { message: string; hint: string }[];
      assert.match(problem?.message ?? '', message);
      assert.ok((problem?.hint ?? '') !== '');
    }
  });

  const SHAPES: readonly (readonly [string, readonly (number | string)[], RegExp, RegExp])[] = [
    ['sizes that are left open', ['batch', 3, 'height', 'width'], /left open/, /dynamic=False/],
    ['a batch that is left open', ['batch', 3, 224, 320], /left open/, /dynamic=False/],
    ['sides that are no multiples of 32', [1, 3, 200, 300], /300×200.*multiples of 32/, /imgsz=224,320/],
  ];
  for (const [title, shape, message, hint] of SHAPES) {
    it(`${title}: refused, with what to export instead`, async () => {
      const file = modelWithInput(folder, shape, 'shape.onnx');
      writeRecipe('shape.onnx');
      const cut = path.join(folder, 'cut.onnx');
      const ends = await maixcamEach([
        ['cut', file, '-o', cut, '--board', 'maixcam2', '--json'],
        ['run', recipe, '--until', 'cut', '--json'],
        ['onnx', file, '--json'],
      ]);
      // Looking at such a model is not refused.
      assert.equal(ends[2]?.status, 0);
      for (const end of ends.slice(0, 2)) {
        assert.equal(end.status, 1, end.stdout);
        assert.match(errorOf(end).message, message);
        assert.match(errorOf(end).hint, hint);
      }
      assert.ok(!existsSync(cut));
      assertNothingHalfMade();
    });
  }

  it('a YOLO26 with the one-to-many head: refused, with the arguments that export the other one', async () => {
    const file = unpackModel(folder, 'heads/u8.4-yolo26-detect-one2many', 'one2many.onnx');
    writeRecipe('one2many.onnx');
    const ends = await maixcamEach([
      ['outputs', file, '--board', 'maixcam', '--json'],
      ['run', recipe, '--until', 'outputs', '--json'],
    ]);
    for (const end of ends) {
      assert.equal(end.status, 1, end.stdout);
      assert.match(errorOf(end).message, /YOLO26.*one-to-many/);
      assert.match(errorOf(end).hint, /end2end=True/);
    }
  });

  describe('no known head', () => {
    const FEATURES = '/model.9/cv2/act/Mul_output_0';
    const unknown = path.join(folder, 'backbone.onnx');
    before(async () => {
      const made = await maixcam(['cut', path.join(folder, 'model.onnx'), '-o', unknown, '--outputs', FEATURES]);
      assert.equal(made.status, 0, made.stderr);
    });

    it('is not guessed', async () => {
      writeRecipe('backbone.onnx');
      const cut = path.join(folder, 'cut.onnx');
      const ends = await maixcamEach([
        ['cut', unknown, '-o', cut, '--board', 'maixcam', '--json'],
        ['run', recipe, '--until', 'cut', '--json'],
      ]);
      for (const end of ends) {
        assert.equal(end.status, 1, end.stdout);
        assert.match(errorOf(end).message, /head/);
        assert.match(errorOf(end).hint, /outputs/);
      }
      assert.ok(!existsSync(cut));
      const seen = await maixcam(['onnx', unknown, '--json']);
      assert.equal(seen.status, 0);
      assert.equal(seen.json?.head, null);
    });

    it('is cut where a person says so', async () => {
      const cut = path.join(folder, 'by hand.onnx');
      const end = await maixcam(['cut', unknown, '-o', cut, '--outputs', '/model.6/cv2/act/Mul_output_0', '--json']);
      assert.equal(end.status, 0, end.stdout);
      assert.equal((await maixcam(['verify', cut, '--against', unknown])).status, 0);
    });

    it('is cut where the recipe says so, and nothing is made up about it', async () => {
      writeRecipe('backbone.onnx', `outputs: ['/model.6/cv2/act/Mul_output_0', '${FEATURES}']\n`);
      const end = await maixcam(['run', recipe, '--until', 'cut', '--json']);
      assert.equal(end.status, 0, end.stdout);
      const steps = end.json?.steps as { name: string; summary: Record<string, unknown> }[];
      const { decoder, classes, outputs } = steps.find((step) => step.name === 'outputs')?.summary ?? {};
      assert.deepEqual({ decoder, classes }, { decoder: null, classes: null });
      assert.deepEqual(outputs, ['/model.6/cv2/act/Mul_output_0', FEATURES]);
      assertNothingHalfMade();
    });

    it('an output that the graph has not is named, with its likely spelling', async () => {
      writeRecipe('backbone.onnx', `outputs: ['/model.9/cv2/act/Mul_output_1']\n`);
      const calls = [
        ['cut', unknown, '-o', path.join(folder, 'x.onnx'), '--outputs', '/model.9/cv2/act/Mul_output_1', '--json'],
        ['run', recipe, '--until', 'cut', '--json'],
      ];
      for (const end of await maixcamEach(calls)) {
        assert.equal(end.status, 1);
        assert.match(errorOf(end).message, /no tensor.*Mul_output_1/);
        assert.match(errorOf(end).hint, /Mul_output_0/);
      }
    });
  });

  it('outputs that the board cannot decode are refused before a conversion', async () => {
    writeRecipe('model.onnx', 'outputs: [output0]\n');
    const end = await maixcam(['run', recipe, '--until', 'convert', '--json']);
    assert.equal(end.status, 1);
    assert.match(errorOf(end).message, /board cannot use the outputs/);
    assert.match(errorOf(end).hint, /outputs: auto/);
  });

  function assertNothingHalfMade(): void {
    const here = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      here.filter((name) => /\.work-|\.part$|\.tmp$|\.old$|\.lock/.test(name)),
      [],
    );
  }
});
