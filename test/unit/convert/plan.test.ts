import assert from 'node:assert/strict';
import { chooseCalibrationPictures } from '../../../client/src/domain/convert/calibration';
import { cvimodelCommands, type CvimodelConversion } from '../../../client/src/domain/convert/plan';

const conversion: CvimodelConversion = {
  name: 'shapes',
  onnx: 'shapes.onnx',
  width: 320,
  height: 224,
  mean: [0, 0, 0],
  scale: [1 / 255, 1 / 255, 1 / 255],
  outputs: ['/model.22/dfl/conv/Conv_output_0', '/model.22/Sigmoid_output_0'],
  precision: 'int8',
  calibrationFolder: 'calibration',
  calibrationPictures: 50,
  calibrationMethod: null,
  testPicture: 'calibration/0000.png',
  tolerance: [0.9, 0.6],
};

/** Value of an option in an argument vector. */
function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name);
  return at === -1 ? undefined : args[at + 1];
}

describe('cvimodel commands', () => {
  it('gives the three commands of the documentation', () => {
    const [transform, calibrate, deploy] = cvimodelCommands(conversion);
    assert.equal(transform?.program, 'model_transform.py');
    assert.equal(option(transform.args, '--input_shapes'), '[[1,3,224,320]]');
    assert.equal(option(transform.args, '--pixel_format'), 'rgb');
    assert.equal(
      option(transform.args, '--output_names'),
      '/model.22/dfl/conv/Conv_output_0,/model.22/Sigmoid_output_0',
    );
    assert.equal(option(calibrate?.args ?? [], '--input_num'), '50');
    assert.equal(calibrate?.args.includes('--cali_method'), false);
    assert.equal(option(deploy?.args ?? [], '--processor'), 'cv181x');
    assert.equal(option(deploy?.args ?? [], '--tolerance'), '0.9,0.6');
    assert.ok(deploy !== undefined);
    assert.ok(deploy.args.includes('--quant_input'));
    assert.ok(!deploy.args.includes('--fuse_preprocess'), 'the board refuses uint8 inputs');
    assert.equal(deploy.produces, 'shapes_int8.cvimodel');
  });

  it('leaves calibration out of a BF16 conversion', () => {
    const commands = cvimodelCommands({ ...conversion, precision: 'bf16' });
    assert.deepEqual(
      commands.map((command) => command.stage),
      ['transform', 'deploy'],
    );
    const args = commands[1]?.args ?? [];
    assert.equal(option(args, '--quantize'), 'BF16');
    assert.equal(option(args, '--tolerance'), '0.9,0.6');
    assert.ok(!args.includes('--quant_input') && !args.includes('--calibration_table'));
  });
});

describe('choice of calibration pictures', () => {
  const many = Array.from({ length: 100 }, (_, index) => `/d/${String(index).padStart(3, '0')}.jpg`);

  it('is the same for the same seed, whatever the order of the list', () => {
    const a = chooseCalibrationPictures(many, 20, 7);
    const b = chooseCalibrationPictures([...many].reverse(), 20, 7);
    assert.deepEqual(a, b);
    assert.notDeepEqual(a, chooseCalibrationPictures(many, 20, 8));
    assert.equal(new Set(a).size, 20);
  });

  it('spreads over the list instead of taking the first', () => {
    const chosen = chooseCalibrationPictures(many, 20, 1);
    assert.ok(chosen.some((name) => name > '/d/050.jpg') && chosen.some((name) => name < '/d/050.jpg'));
  });

  it('keeps to one readable kind', () => {
    const mixed = [...many.slice(0, 5), '/d/a.png', '/d/b.webp', '/d/c.PNG', '/d/notes.txt'];
    assert.deepEqual(new Set(chooseCalibrationPictures(mixed, 50, 0)), new Set(many.slice(0, 5)));
    assert.deepEqual(chooseCalibrationPictures(['/d/b.webp'], 50, 0), []);
  });
});
