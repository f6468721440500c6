import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { maixcam } from '../support/cli';
import { useTempFolder } from '../support/temp-folder';

interface Pattern {
  readonly regexp: string;
  readonly file?: number;
  readonly line?: number;
  readonly column?: number;
  readonly severity?: number;
  readonly message?: number;
  readonly code?: number;
}

interface Matcher {
  readonly name: string;
  readonly pattern: Pattern | readonly Pattern[];
}

interface Found {
  readonly file?: string;
  readonly line?: string;
  readonly column?: string;
  readonly severity?: string;
  readonly message?: string;
  readonly code?: string;
}

interface Manifest {
  readonly contributes: { readonly problemMatchers: readonly Matcher[] };
}

const FIELDS = ['file', 'line', 'column', 'severity', 'message', 'code'] as const;

/** As the editor does: the patterns of a matcher fit lines that follow each other, each gives its part. */
function problemsIn(name: string, output: string): readonly Found[] {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const matcher = manifest.contributes.problemMatchers.find((one) => one.name === name);
  assert.ok(matcher, `there is a matcher ${name}`);
  const patterns: readonly Pattern[] = Array.isArray(matcher.pattern)
    ? (matcher.pattern as readonly Pattern[])
    : [matcher.pattern as Pattern];
  const lines = output.split(/\r?\n/);
  return lines.flatMap((_, start) => {
    const found: Record<string, string> = {};
    for (const [index, pattern] of patterns.entries()) {
      const match = new RegExp(pattern.regexp).exec(lines[start + index] ?? '');
      if (match === null) return [];
      for (const field of FIELDS) {
        const group = pattern[field];
        const text = group === undefined ? undefined : match[group];
        if (text !== undefined) found[field] = text;
      }
    }
    return [found];
  });
}

describe('problem matchers', function () {
  this.timeout(60_000);
  const folder = useTempFolder();

  it('the errors of a recipe, as a task prints them', async () => {
    const recipe = 'bad [1].maixcam.yaml';
    writeFileSync(
      folder.file(recipe),
      'board: maixcam\nonnx: model.onnx\nonnnx: other.onnx\nexport: { size: 320x240 }\n',
    );
    const end = await maixcam(['run', '--until', 'check', '--', recipe], { cwd: folder.path });
    assert.equal(end.status, 1, end.stderr);
    const found = problemsIn('maixcam', `${end.stdout}\n${end.stderr}`);
    assert.deepEqual(
      found.map(({ file, line, column, severity, code }) => ({ file, line, column, severity, code })),
      [
        { file: recipe, line: '2', column: '1', severity: 'error', code: 'RECIPE016' },
        { file: recipe, line: '3', column: '1', severity: 'error', code: 'RECIPE003' },
        { file: recipe, line: '4', column: '17', severity: 'error', code: 'RECIPE012' },
      ],
    );
    assert.match(found[1]?.message ?? '', /`onnnx` is not a key/);
    assert.doesNotMatch(found[1]?.message ?? '', /RECIPE003/, 'the code is a field of its own');
  });

  it('nothing in the progress and the results of a run that goes well', async () => {
    const end = await maixcam(['new', folder.file('sample')]);
    assert.equal(end.status, 0, end.stderr);
    assert.deepEqual(problemsIn('maixcam', `${end.stdout}\n${end.stderr}`), []);
    assert.deepEqual(problemsIn('maixcam-python', `${end.stdout}\n${end.stderr}`), []);
  });

  const LOGS = [
    {
      log: 'bad-name/transform.log',
      file: /python\/transform\/OnnxConverter\.py$/,
      line: '373',
      message: /^RuntimeError: Error, can't find \['\/model\.23\/Concat_9_output_0'\] in model$/,
    },
    {
      log: 'int8-tolerance-failure/deploy.log',
      file: /python\/utils\/mlir_shell\.py$/,
      line: '492',
      message: /^RuntimeError: \[!Error\]: npz_tool\.py compare .*--tolerance 0\.9,0\.6/,
    },
  ];
  for (const { log, file, line, message } of LOGS) {
    it(`the converter's own failure: ${log}`, () => {
      const found = problemsIn('maixcam-python', readFileSync(path.join('test/fixtures/converter', log), 'utf8'));
      const [only] = found;
      assert.ok(only !== undefined && found.length === 1, 'the innermost frame alone');
      assert.match(only.file ?? '', file);
      assert.equal(only.line, line);
      assert.match(only.message ?? '', message);
    });
  }

  it('nothing in the logs of conversions that went well', () => {
    for (const set of ['yolov8-detect-2out', 'yolo11-classify', 'yolo26-detect-6out']) {
      for (const log of ['transform.log', 'calib.log', 'deploy.log']) {
        const text = readFileSync(path.join('test/fixtures/converter', set, log), 'utf8');
        for (const name of ['maixcam', 'maixcam-python', 'maixcam-python-marked']) {
          assert.deepEqual(problemsIn(name, text), [], `${name} in ${set}/${log}`);
        }
      }
    }
  });

  it('a traceback of the Python that is here', () => {
    const script = folder.file('train it.py');
    writeFileSync(script, 'def work():\n    return {}["classes"] + 1\n\nwork()\n');
    const { stderr, status } = spawnSync('python3', [script], { encoding: 'utf8' });
    assert.equal(status, 1, stderr);
    const found = [...problemsIn('maixcam-python', stderr), ...problemsIn('maixcam-python-marked', stderr)];
    assert.deepEqual(found, [{ file: script, line: '2', message: "KeyError: 'classes'" }], stderr);
    // From 3.11 on, a line of marks stands between the source and the error.
    const marked = execFileSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 11))'], {
      encoding: 'utf8',
    });
    const name = marked.trim() === 'True' ? 'maixcam-python-marked' : 'maixcam-python';
    assert.equal(problemsIn(name, stderr).length, 1);
  });
});
