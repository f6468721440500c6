import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { link } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { takeLock as takeLockOn } from '../../../client/src/host/store/lock';

const noHardLinks = (): Promise<void> =>
  Promise.reject(Object.assign(new Error('operation not permitted, link'), { code: 'EPERM' }));

for (const [title, hardLink] of [
  ['recipe lock', link],
  ['recipe lock on a file system without hard links', noHardLinks],
] as const) {
  describe(title, () => {
    const takeLock = (at: string): ReturnType<typeof takeLockOn> => takeLockOn(at, hardLink);
    let folder = '';
    let file = '';
    beforeEach(() => {
      folder = mkdtempSync(path.join(os.tmpdir(), 'maixcam-lock-'));
      file = path.join(folder, 'run.lock');
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it('refuses a second run and names the first', async () => {
      const lock = await takeLock(file);
      await assert.rejects(takeLock(file), { code: 'RECIPE_BUSY', message: new RegExp(`process ${process.pid}`) });
      await lock.release();
      await (await takeLock(file)).release();
      assert.deepEqual(readdirSync(folder), []);
    });

    it('takes over from a process that died', async () => {
      const child = spawn(process.execPath, ['-e', '']);
      const pid = child.pid ?? 0;
      await new Promise((resolve) => child.on('exit', resolve));
      writeFileSync(file, JSON.stringify({ pid, started: '1', since: 'then' }));
      await (await takeLock(file)).release();
    });

    it('is not fooled by a reused process id', async function () {
      if (!existsSync('/proc/self/stat')) return this.skip();
      writeFileSync(file, JSON.stringify({ pid: process.pid, started: '1', since: 'then' }));
      await (await takeLock(file)).release();
    });

    it('takes over where another process died taking over, and leaves nothing of either', async () => {
      const dead = (token: string): string => JSON.stringify({ pid: 2 ** 22 - 1, started: '1', since: 'then', token });
      writeFileSync(file, dead('first'));
      writeFileSync(`${file}.after-first`, dead('second'));
      writeFileSync(`${file}.after-second`, '');
      writeFileSync(`${file}.${2 ** 22 - 1}.draft`, '{"pi');
      const lock = await takeLock(file);
      await assert.rejects(takeLock(file), { code: 'RECIPE_BUSY' });
      assert.deepEqual(readdirSync(folder), ['run.lock']);
      await lock.release();
      assert.deepEqual(readdirSync(folder), []);
    });

    it('lets exactly one of many take a free lock', async () => {
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(file)));
      const winners = results.filter((result) => result.status === 'fulfilled');
      assert.equal(winners.length, 1);
      await winners[0]?.value.release();
      assert.deepEqual(readdirSync(folder), []);
    });

    it('waits for the content of a lock that is just being written', async () => {
      writeFileSync(file, '');
      const content = JSON.stringify({ pid: process.pid, started: null, since: 'now', token: 'other' });
      setTimeout(() => writeFileSync(file, content), 60);
      await assert.rejects(takeLock(file), { code: 'RECIPE_BUSY' });
    });

    it('lets exactly one of many win a dead lock', async () => {
      writeFileSync(file, JSON.stringify({ pid: 2 ** 22 - 1, started: '1', since: 'then' }));
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(file)));
      const winners = results.filter((result) => result.status === 'fulfilled');
      assert.equal(winners.length, 1);
      await winners[0]?.value.release();
    });
  });
}
