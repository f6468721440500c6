import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bytesOf, fromText, type ByteString } from '../../../server/src/core/mud/bytes';
import { resolveLabels } from '../../../server/src/core/mud/labels';
import { readMud, type MudFile, type MudItems } from '../../../server/src/core/mud/read';
import { fileProbe, probeMud } from '../../../server/src/node/file-probe';

interface MudCase {
  readonly id: string;
  readonly file_name: string;
  readonly file?: 'directory' | 'absent';
  readonly bytes_b64?: string;
  readonly expect: {
    readonly error: string;
    readonly ini_error: number | null;
    readonly log: readonly string[];
    readonly type: string | null;
    readonly type_b64?: string;
    readonly items: Record<string, Record<string, string>> | null;
    readonly items_b64?: readonly (readonly [string, string, string])[];
  };
}

interface LabelsCase {
  readonly id: string;
  readonly model_path: string;
  readonly key: string;
  readonly value_b64: string | null;
  readonly files: Record<string, string>;
  readonly directories?: readonly string[];
  readonly symlinks?: Record<string, string>;
  readonly expect: {
    readonly error: string | null;
    readonly exception?: string;
    readonly log: readonly string[];
    readonly labels_b64: readonly string[] | null;
  };
}

/** The device's answers, recorded from the real loader. */
function recorded(name: string): readonly unknown[] {
  const text = gunzipSync(readFileSync(path.join('test/fixtures/mud', name))).toString('utf8');
  return (JSON.parse(text) as { cases: readonly unknown[] }).cases;
}

const fromBase64 = (text: string): ByteString => Buffer.from(text, 'base64').toString('latin1');
const toBase64 = (text: ByteString): string => Buffer.from(bytesOf(text)).toString('base64');

describe('mud: the device loader’s recorded answers', () => {
  const cases = recorded('mud-conformance.json.gz') as readonly MudCase[];

  it('has all 501 cases', () => assert.equal(cases.length, 501));

  for (const item of cases) {
    it(item.id, () => {
      const bytes = Buffer.from(item.bytes_b64 ?? '', 'base64');
      const file: MudFile = item.file === undefined ? { kind: 'file', bytes } : { kind: item.file };
      const reading = readMud(item.file_name, file);
      const { expect } = item;
      assert.equal(reading.error?.code ?? 'ERR_NONE', expect.error);
      assert.equal(reading.loads, expect.error === 'ERR_NONE');
      assert.equal(reading.iniError, expect.ini_error);
      assert.deepEqual(reading.error === null ? [] : [`-- [E] ${reading.error.message}`], expect.log);
      assert.equal(reading.type, expect.type === null ? fromBase64(expect.type_b64!) : fromText(expect.type));
      assert.deepEqual(triples(reading.items), expectedTriples(item));
    });
  }
});

function triples(items: MudItems): string[] {
  return [...items]
    .flatMap(([section, keys]) => [...keys].map(([key, value]) => [section, key, value].join('\n')))
    .sort();
}

function expectedTriples({ expect }: MudCase): string[] {
  if (expect.items === null) return expect.items_b64!.map((triple) => triple.map(fromBase64).join('\n')).sort();
  return Object.entries(expect.items)
    .flatMap(([section, keys]) => Object.entries(keys).map(([key, value]) => [section, key, value]))
    .map((triple) => triple.map(fromText).join('\n'))
    .sort();
}

describe('mud: recorded answers for labels', () => {
  const cases = recorded('labels-conformance.json.gz') as readonly LabelsCase[];
  let root = '';
  before(() => {
    root = mkdtempSync(path.join(tmpdir(), 'labels-'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  it('has all 79 cases', () => assert.equal(cases.length, 79));

  for (const item of cases) {
    it(item.id, () => {
      const folder = path.join(root, item.id, 'D');
      mkdirSync(folder, { recursive: true });
      for (const name of item.directories ?? []) mkdirSync(path.join(folder, name), { recursive: true });
      for (const [name, content] of Object.entries(item.files)) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), Buffer.from(content, 'base64'));
      }
      for (const [name, target] of Object.entries(item.symlinks ?? {})) symlinkSync(target, path.join(folder, name));

      const value = item.value_b64 === null ? undefined : fromBase64(item.value_b64);
      const result = resolveLabels(value, `${folder}/${item.model_path}`, fileProbe, item.key);
      if (result.ok) {
        assert.equal(item.expect.error, 'ERR_NONE');
        assert.deepEqual(result.labels.map(toBase64), item.expect.labels_b64);
      } else {
        assert.equal(result.code, item.expect.error);
        if (result.code === null) assert.ok(result.message.startsWith(item.expect.exception!.split(' [')[0]!));
        else assert.deepEqual([`-- [E] ${result.message}`], item.expect.log);
      }
    });
  }
});

describe('mud: labels files', () => {
  const nothing = { isFile: () => false, isFolder: () => false, read: () => new Uint8Array(0) };

  it('notices a missing folder before a name that is too long', () => {
    const value = `sub/${'x'.repeat(300)}`;
    assert.equal(resolveLabels(value, 'm.mud', nothing).ok, true);
    assert.equal(resolveLabels(value, 'm.mud', { ...nothing, isFolder: (name) => name === './sub/' }).ok, false);
  });
});

describe('mud: files on this machine', () => {
  it('tells file, directory and absent apart', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'mud-'));
    try {
      writeFileSync(path.join(folder, 'a.mud'), '[basic]\ntype = t\n');
      assert.equal(probeMud(path.join(folder, 'a.mud')).kind, 'file');
      assert.equal(probeMud(folder).kind, 'directory');
      assert.equal(probeMud(path.join(folder, 'none.mud')).kind, 'absent');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
