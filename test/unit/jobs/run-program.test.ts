import assert from 'node:assert/strict';
import type { JobProgress } from '../../../client/src/domain/jobs/job-record';
import { runProgram, type RunProgramOptions } from '../../../client/src/host/jobs/run-program';
import { failure } from '../../support/failure';
import { processesMentioning } from '../../support/processes';
import { useJobs } from './job-fixture';

describe('attached calls of the terminal program', function () {
  this.timeout(30_000);
  const jobs = useJobs();
  const call = (args: readonly string[], more: Partial<RunProgramOptions> = {}): RunProgramOptions => ({
    program: jobs.program(),
    args,
    cwd: jobs.temp.path,
    env: process.env,
    ...more,
  });

  it('give the document, reports and remarks', async () => {
    const reports: JobProgress[] = [];
    const said: string[] = [];
    const { exitCode, document } = await runProgram(
      call(['progress'], { onProgress: (report) => reports.push(report), onSay: (line) => said.push(line) }),
    );
    assert.equal(exitCode, 0);
    assert.deepEqual(document, { answer: 'züri 图', long: 'x'.repeat(3 << 20) });
    assert.deepEqual(
      reports,
      [0, 0.5, 1].map((fraction) => ({ step: 'env', fraction, message: 'unpacking' })),
    );
    assert.deepEqual(said, ['Almost there.']);
  });

  it('give a document that reports problems', async () => {
    assert.deepEqual(await runProgram(call(['problems'])), { exitCode: 1, document: { problems: 3 } });
  });

  it('fail with the error of the document and the kind of the status', async () => {
    const error = await failure(runProgram(call(['fail'])));
    assert.deepEqual(
      [error.code, error.message, error.hint, error.kind],
      ['ENV_MISSING', 'Not there.', 'Make it.', 'missing-tool'],
    );
  });

  it('fail with the last words where there is no document', async () => {
    const error = await failure(runProgram(call(['nonsense'])));
    assert.equal(error.code, 'PROGRAM_FAILED');
    assert.match(error.message, /status 70: Error: something unexpected: nonsense/);
  });

  it('fail where the program is not there', async () => {
    const program = { ...jobs.program(), node: '/no/such/node' };
    assert.equal((await failure(runProgram(call(['fail'], { program })))).code, 'PROCESS_NOT_FOUND');
  });

  it('are cancelled as by Ctrl-C', async () => {
    const abort = new AbortController();
    const mark = jobs.temp.file('mark');
    const onProgress = (): void => abort.abort();
    const error = await failure(runProgram(call(['wait', mark], { signal: abort.signal, onProgress })));
    assert.deepEqual([error.code, error.kind], ['CANCELLED', 'cancelled']);
    assert.deepEqual(processesMentioning(mark), []);
  });

  it('get the variables that they are given, and nothing else', async () => {
    const program = { ...jobs.program(), nodeEnv: { ELECTRON_RUN_AS_NODE: '1' } };
    const env = { PATH: process.env.PATH, MAIXCAM_PASSWORD: 'secret', LEFT_OUT: undefined };
    const { document } = await runProgram(call(['variables'], { program, env }));
    assert.deepEqual(Object.keys(document as object).sort(), [
      'ELECTRON_RUN_AS_NODE',
      'MAIXCAM_PASSWORD',
      'MAIXCAM_RUN',
      'PATH',
    ]);
  });
});
