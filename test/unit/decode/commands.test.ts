import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { registerDecode } from '../../../client/src/cli/commands/decode';
import { registerInspect } from '../../../client/src/cli/commands/inspect';
import { registerMud } from '../../../client/src/cli/commands/mud';
import { runProgram } from '../../../client/src/cli/runtime';

/** Runs a command as the terminal does and gives its exit status and its JSON document. */
async function maixcam(...argv: string[]): Promise<{ code: number; json: Record<string, unknown> }> {
  const write = { out: process.stdout.write.bind(process.stdout), err: process.stderr.write.bind(process.stderr) };
  let text = '';
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  };
  process.stderr.write = () => true;
  try {
    const code = await runProgram([...argv, '--json'], [registerDecode, registerInspect, registerMud]);
    return { code, json: JSON.parse(text) as Record<string, unknown> };
  } finally {
    process.stdout.write = write.out;
    process.stderr.write = write.err;
  }
}

const unzip = (file: string): Buffer => gunzipSync(readFileSync(`test/fixtures/${file}.gz`));

describe('commands that look at device files', () => {
  let folder = '';
  const file = (name: string): string => path.join(folder, name);
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'commands-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('mud: the document of the contract', async () => {
    writeFileSync(file('a.mud'), '[basic]\ntype = cvimodel\n[extra]\nlabels = labels.txt\n');
    writeFileSync(file('labels.txt'), 'C#\na,b\n');
    writeFileSync(file('b.mud'), '; no\n');
    const { code, json } = await maixcam('mud', file('a.mud'), file('b.mud'));
    assert.equal(code, 1);
    assert.deepEqual(json, {
      files: [
        {
          path: file('a.mud'),
          loads: true,
          error: null,
          iniError: null,
          type: 'cvimodel',
          sections: { basic: { type: 'cvimodel' }, extra: { labels: 'labels.txt' } },
          labels: ['C#', 'a,b'],
        },
        {
          path: file('b.mud'),
          loads: false,
          error: { code: 'ERR_ARGS', message: `parse model ${file('b.mud')} failed, err 5` },
          iniError: 5,
          type: '',
          sections: {},
          labels: null,
        },
      ],
    });
  });

  it('mud --bytes: base64 of what is no text', async () => {
    writeFileSync(file('c.mud'), Buffer.from('[basic]\ntype = \xd6\xd0\n', 'latin1'));
    const bytes = await maixcam('mud', file('c.mud'), '--bytes');
    const [entry] = bytes.json.files as { type: string; sections: unknown }[];
    assert.equal(entry!.type, Buffer.from([0xd6, 0xd0]).toString('base64'));
    assert.deepEqual(entry!.sections, { 'YmFzaWM=': { 'dHlwZQ==': '1tA=' } });
    const text = await maixcam('mud', file('c.mud'));
    assert.equal((text.json.files as { type: null }[])[0]!.type, null);
  });

  it('inspect: a cvimodel, a damaged one, a web page', async () => {
    const model = unzip('cvimodel/yolov8-detect-2out.cvimodel');
    writeFileSync(file('m.cvimodel'), model);
    const good = await maixcam('inspect', file('m.cvimodel'));
    assert.equal(good.code, 0);
    const { format, valid, problems, chip, version } = good.json;
    assert.deepEqual(
      { format, valid, problems, chip, version },
      {
        format: 'cvimodel',
        valid: true,
        problems: [],
        chip: 'cv181x',
        version: '1.4',
      },
    );
    assert.deepEqual(
      (good.json.outputs as { name: string; type: string; shape: number[] }[]).map(({ type, shape }) => ({
        type,
        shape,
      })),
      [
        { type: 'float32', shape: [1, 1, 4, 1470] },
        { type: 'float32', shape: [1, 3, 1470, 1] },
      ],
    );

    writeFileSync(file('cut.bin'), model.subarray(0, 100_000));
    const cut = await maixcam('inspect', file('cut.bin'));
    assert.deepEqual([cut.code, cut.json.format, cut.json.valid], [1, 'cvimodel', false]);

    writeFileSync(file('page.onnx'), '<!DOCTYPE html><html></html>');
    const page = await maixcam('inspect', file('page.onnx'));
    assert.deepEqual([page.code, page.json.format, page.json.valid], [1, 'html', false]);
    assert.equal((page.json.problems as { code: string }[])[0]!.code, 'FILE_IS_HTML');
  });

  it('inspect: a file that is not there', async () => {
    const { code, json } = await maixcam('inspect', file('nothing.onnx'));
    assert.equal(code, 1);
    assert.equal((json.error as { code: string }).code, 'FILE_NOT_FOUND');
  });

  it('decode: objects and masks of a saved case', async () => {
    const { cases } = JSON.parse(unzip('decode/index.json').toString('utf8')) as {
      cases: { id: string; tensors: string; runs: { objects: { mask: object }[] }[] }[];
    };
    const saved = cases.find((item) => item.id === 'y8y11-s1-seg-chw-0')!;
    mkdirSync(file('t'), { recursive: true });
    writeFileSync(file(saved.tensors), unzip(`decode/${saved.tensors}`));
    writeFileSync(file('index.json'), JSON.stringify({ cases: [saved] }));
    const { code, json } = await maixcam('decode', file('index.json'));
    assert.equal(code, 0);
    const [result] = json.cases as typeof cases;
    assert.equal(result!.runs.length, 4);
    const withoutPixels = ({ mask, ...rest }: { mask: object }): object => ({
      ...rest,
      mask: { ...mask, b64: '', sha256: '' },
    });
    const rounded = (objects: { mask: object }[]): unknown =>
      JSON.parse(JSON.stringify(objects.map(withoutPixels)), (key, value: unknown) =>
        key === 'score' ? (value as number).toFixed(6) : value,
      );
    for (const [at, run] of result!.runs.entries()) {
      assert.deepEqual(rounded(run.objects), rounded(saved.runs[at]!.objects));
    }
  });

  it('decode: an index that is none', async () => {
    writeFileSync(file('bad.json'), '{"cases":[{"id":"x"}]}');
    const { code, json } = await maixcam('decode', file('bad.json'));
    assert.equal(code, 1);
    assert.equal((json.error as { code: string }).code, 'DECODE_INDEX');
  });
});
