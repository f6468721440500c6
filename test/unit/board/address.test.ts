import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { boardAddress, isBoardAddress } from '../../../client/src/host/board/address';

interface Schema {
  readonly properties: {
    readonly deploy: { readonly properties: { readonly host: { readonly pattern: string } } };
  };
}

describe('address of a board', () => {
  const good = ['10.1.2.1', 'maixcam-1234.local', '127.0.0.1:2222', '[::1]:22', '[fe80::1%eth0]', 'x:1', 'x:65535'];
  const bad = ['', ' ', 'a b', 'root@10.1.2.1', 'x:', 'x:0', 'x:65536', 'x:123456', 'ssh://x', '::1', '[::1', 'x/y'];

  it('is what a recipe may hold', () => {
    for (const text of good) assert.ok(isBoardAddress(text), text);
    for (const text of bad) assert.ok(!isBoardAddress(text), text);
  });

  it('follows the schema, which knows no port numbers', () => {
    const schema = JSON.parse(readFileSync('schemas/recipe.schema.json', 'utf8')) as Schema;
    const pattern = new RegExp(schema.properties.deploy.properties.host.pattern, 'u');
    for (const text of [...good, ...bad.filter((one) => !/^x:\d/.test(one))]) {
      assert.equal(isBoardAddress(text), pattern.test(text), text);
    }
  });

  it('is taken apart', () => {
    assert.deepEqual(boardAddress('[::1]:2222'), { host: '::1', port: 2222 });
    assert.deepEqual(boardAddress('x'), { host: 'x', port: 22 });
    assert.throws(() => boardAddress('x:0'), { code: 'BOARD_ADDRESS' });
  });
});
