import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkbenchProgram } from '../../../client/src/host/jobs/program';
import { startJob, type StartedJob } from '../../../client/src/host/jobs/start-job';
import { isAlive, processStart } from '../../../client/src/host/store/lock';
import { testProgram } from '../../support/bundles';
import { processesMentioning } from '../../support/processes';
import { useTempFolder } from '../../support/temp-folder';
import { until } from '../../support/until';

/** A recipe in a folder of its own and the stand-in of the terminal program; all that it started is ended. */
export function useJobs(): Jobs {
  const temp = useTempFolder();
  let cli = '';
  before(async function () {
    this.timeout(60_000);
    cli = await testProgram('test/unit/jobs/job-program.ts');
  });
  beforeEach(() => writeFileSync(temp.file('in.txt'), 'one'));
  const recipe = (): string => temp.file('r.maixcam.yaml');
  const started: StartedJob[] = [];
  // Before the folder is removed: what a failed test left is told by its name.
  afterEach(() => {
    const left = [
      ...processesMentioning(path.basename(temp.path)),
      toolOf(temp.path),
      ...started.map(({ pid }) => pid),
    ];
    started.length = 0;
    for (const pid of left) if (pid !== null && lives(pid)) process.kill(pid, 'SIGKILL');
  });
  const program = (): WorkbenchProgram => ({ node: process.execPath, cli, nodeEnv: {} });
  return {
    temp,
    recipe,
    program,
    results: () => temp.file('.maixcam'),
    start: async (more = {}) => {
      const job = await startJob({
        program: program(),
        recipe: recipe(),
        args: ['run', recipe()],
        env: process.env,
        ...more,
      });
      started.push(job);
      return job;
    },
    go: () => writeFileSync(temp.file('go'), ''),
    tool: () => until('the tool of the run', () => toolOf(temp.path)),
  };
}

interface Jobs {
  readonly temp: ReturnType<typeof useTempFolder>;
  recipe(): string;
  program(): WorkbenchProgram;
  /** The folder of all results. */
  results(): string;
  /** A run that lasts until `go`. */
  start(more?: Partial<Parameters<typeof startJob>[0]>): Promise<StartedJob>;
  go(): void;
  /** The process that the run's second step works with. */
  tool(): Promise<number>;
}

function toolOf(folder: string): number | null {
  const file = path.join(folder, 'tool.pid');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text === '' ? null : Number(text);
}

/** Whether a process does anything any more. */
export function lives(pid: number): boolean {
  return isAlive({ pid, started: processStart(pid) ?? 'ended' });
}
