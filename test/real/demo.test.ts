import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { processesMentioning } from '../support/processes';

const MINUTE = 60_000;

interface Report {
  readonly figures: {
    readonly objects: number;
    readonly onnx: { readonly share: number };
    readonly converted: { readonly share: number };
  };
}

/** The lines that tell of steps, in a demo's output. */
function stepLines(stdout: string): readonly string[] {
  return stdout.split('\n').filter((line) => /^[–✓✗○] /.test(line));
}

/** The README's command of a new user, as it is typed. */
describe('npm run demo', function () {
  this.timeout(20 * MINUTE);

  // Nothing of an earlier demo may stand in for this one's work; the pinned keys are those of the earlier board.
  before(() => {
    for (const name of ['detect', 'pose', 'board', 'config']) {
      rmSync(path.join('demo', name), { recursive: true, force: true });
    }
  });

  for (const [task, name] of [
    ['detect', 'shapes'],
    ['pose', 'shapes-pose'],
  ] as const) {
    it(`takes drawn pictures to a model on the board: ${task}`, () => {
      const run = spawnSync('npm', ['run', 'demo', '--', '--task', task], { encoding: 'utf8', timeout: 20 * MINUTE });
      assert.equal(run.status, 0, `${run.stdout}\n${run.stderr}`);
      const lines = stepLines(run.stdout);
      assert.equal(lines.length, 9, run.stdout);
      for (const line of lines) assert.match(line, /^✓ \w+ /);
      const folder = path.join('demo', task, '.maixcam', name);
      const { figures } = JSON.parse(readFileSync(path.join(folder, 'compare/report.json'), 'utf8')) as Report;
      assert.ok(figures.objects >= 80, 'too few objects to prove anything');
      assert.ok(figures.onnx.share >= 0.9 && figures.converted.share >= 0.9, JSON.stringify(figures));
      assert.ok(existsSync(path.join(folder, 'compare/contact-sheet.png')));
      const onBoard = path.join('demo/board/root/models', name, `${name}.mud`);
      assert.equal(readFileSync(onBoard, 'utf8'), readFileSync(path.join(folder, 'mud', `${name}.mud`), 'utf8'));
    });

    it(`has nothing to do the second time: ${task}`, () => {
      const run = spawnSync('npm', ['run', 'demo', '--', '--task', task], { encoding: 'utf8', timeout: MINUTE });
      assert.equal(run.status, 0, run.stderr);
      const lines = stepLines(run.stdout);
      assert.equal(lines.length, 9, run.stdout);
      for (const line of lines) assert.match(line, /^– \w+ +up to date/);
      assert.deepEqual(processesMentioning('simulate-board'), []);
    });
  }
});
