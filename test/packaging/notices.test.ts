import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { useTempFolder } from '../support/temp-folder';

interface Notices {
  readonly bundledPackages: (metafile: unknown) => readonly string[];
  readonly thirdPartyNotices: (folders: readonly string[]) => string;
}

describe('third-party notices', () => {
  const folder = useTempFolder();
  let notices: Notices;
  before(async () => {
    notices = (await import(pathToFileURL(path.resolve('scripts/lib/notices.mjs')).href)) as Notices;
  });

  function packageFolder(manifest: Readonly<Record<string, string>>): string {
    writeFileSync(folder.file('package.json'), JSON.stringify(manifest));
    return path.relative('.', folder.path);
  }

  it('finds scoped and nested packages, and none whose code was dropped', () => {
    const inputs = {
      'client/src/app.ts': { bytesInOutput: 5 },
      'node_modules/@scope/one/lib/a.js': { bytesInOutput: 5 },
      'node_modules/@scope/one/lib/b.js': { bytesInOutput: 5 },
      'node_modules/two/node_modules/three/index.js': { bytesInOutput: 5 },
      'node_modules/types-only/index.js': { bytesInOutput: 0 },
    };
    assert.deepEqual(notices.bundledPackages({ outputs: { 'dist/a.js': { inputs } } }), [
      'node_modules/@scope/one',
      'node_modules/two/node_modules/three',
    ]);
  });

  it('gives name, version, licence and text', () => {
    const where = packageFolder({ name: 'drawn', version: '1.2.3', license: 'ISC' });
    writeFileSync(folder.file('LICENSE.md'), 'Permission to use\r\nit.');
    const text = notices.thirdPartyNotices([where]);
    assert.match(text, /drawn 1\.2\.3\nLicense: ISC\n/);
    assert.match(text, /Permission to use\nit\./);
  });

  it('refuses a package without a licence text', () => {
    const where = packageFolder({ name: 'untold', version: '9.9.9', license: 'MIT' });
    assert.throws(() => notices.thirdPartyNotices([where]), /untold 9\.9\.9/);
    writeFileSync(folder.file('LICENSE'), '  \n');
    assert.throws(() => notices.thirdPartyNotices([where]), /untold 9\.9\.9/);
  });
});
