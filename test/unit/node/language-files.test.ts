import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DiskFiles, FilesTooSlow } from '../../../server/src/node/language-files';
import { useTempFolder } from '../../support/temp-folder';

describe('files as a language asks for them', () => {
  const folder = useTempFolder();

  it('tells files, folders and what is not there', function () {
    writeFileSync(folder.file('a.onnx'), 'x');
    mkdirSync(folder.file('images'));
    const files = new DiskFiles();
    assert.equal(files.kind(folder.file('a.onnx')), 'file');
    assert.equal(files.kind(folder.file('images')), 'folder');
    for (const name of ['none', 'a.onnx/below', 'images\0', 'x'.repeat(5000)]) {
      assert.equal(files.kind(folder.file(name)), 'absent', name.slice(0, 20));
    }
    if (process.platform === 'win32') return;
    symlinkSync('loop', folder.file('loop'));
    assert.equal(files.kind(folder.file('loop')), 'absent');
  });

  it('lists names in order; nothing for what is no folder', () => {
    for (const name of ['b.png', 'a.png', '图.png']) writeFileSync(folder.file(name), '');
    const files = new DiskFiles();
    assert.deepEqual(files.list(folder.path), ['a.png', 'b.png', '图.png']);
    assert.deepEqual(files.list(folder.file('a.png')), []);
    assert.deepEqual(files.list(folder.file('none')), []);
  });

  it('reads no more than was asked for', () => {
    writeFileSync(folder.file('labels.txt'), 'cat\ndog\n');
    const files = new DiskFiles();
    assert.equal(Buffer.from(files.read(folder.file('labels.txt'), 3) ?? []).toString(), 'cat');
    assert.equal(Buffer.from(files.read(folder.file('labels.txt'), 1e12) ?? []).toString(), 'cat\ndog\n');
    assert.equal(files.read(folder.path, 10), null);
    assert.equal(files.read(folder.file('none'), 10), null);
  });

  it('opens no pipe, which would wait for a writer', function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [folder.file('pipe')]);
    const files = new DiskFiles();
    assert.equal(files.read(folder.file('pipe'), 10), null);
    assert.equal(files.kind(folder.file('pipe')), 'absent');
  });

  it('remembers an answer until something is known to have changed', () => {
    const files = new DiskFiles({ rememberMs: Infinity });
    assert.equal(files.kind(folder.file('later')), 'absent');
    assert.deepEqual(files.list(folder.path), []);
    writeFileSync(folder.file('later'), '');
    files.beginTurn();
    assert.equal(files.kind(folder.file('later')), 'absent');
    files.forget();
    assert.equal(files.kind(folder.file('later')), 'file');
    assert.deepEqual(files.list(folder.path), ['later']);
  });

  it('asks again in a new turn when the answers are too old', () => {
    const files = new DiskFiles({ rememberMs: -1 });
    writeFileSync(folder.file('now'), '');
    assert.equal(files.kind(folder.file('now')), 'file');
    rmSync(folder.file('now'));
    files.beginTurn();
    assert.equal(files.kind(folder.file('now')), 'absent');
  });

  it('gives up a turn whose time is spent, and begins the next with new time', () => {
    const files = new DiskFiles({ budgetMs: 0, rememberMs: Infinity });
    assert.equal(files.kind(folder.path), 'folder');
    assert.throws(() => files.kind(folder.file('another')), FilesTooSlow);
    assert.equal(files.kind(folder.path), 'folder', 'what is remembered costs nothing');
    files.beginTurn();
    assert.equal(files.kind(folder.file('another')), 'absent');
  });

  it('relative paths start in the folder of the document', () => {
    const files = new DiskFiles();
    const document = path.join(folder.path, 'data.yaml');
    assert.equal(files.resolve(document, 'images/train'), path.join(folder.path, 'images', 'train'));
    assert.equal(files.resolve(document, '../x'), path.join(path.dirname(folder.path), 'x'));
    assert.equal(files.resolve(document, folder.file('abs')), folder.file('abs'));
  });
});
