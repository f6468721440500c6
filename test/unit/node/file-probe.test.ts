import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { probeMud } from '../../../server/src/node/file-probe';
import { useTempFolder } from '../../support/temp-folder';

describe('what lies at the path of a MUD file', () => {
  const folder = useTempFolder();

  it('a file, a folder, nothing', () => {
    writeFileSync(folder.file('a.mud'), 'x');
    mkdirSync(folder.file('b.mud'));
    assert.deepEqual(probeMud(folder.file('a.mud')), { kind: 'file', bytes: Buffer.from('x') });
    assert.deepEqual(probeMud(folder.file('b.mud')), { kind: 'directory' });
    assert.deepEqual(probeMud(folder.file('c.mud')), { kind: 'absent' });
  });

  it('a pipe and a link to itself cannot be read, and nobody waits for them', function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [folder.file('pipe.mud')]);
    symlinkSync('loop.mud', folder.file('loop.mud'));
    assert.deepEqual(probeMud(folder.file('pipe.mud')), { kind: 'unreadable' });
    assert.deepEqual(probeMud(folder.file('loop.mud')), { kind: 'unreadable' });
  });
});
