import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { checkDataset, readDataset } from '../../../server/src/core/dataset/read';
import { datasetLanguageAt, looksLikeDataset } from '../../../server/src/core/dataset/service';
import type { TrainingPlace } from '../../../server/src/core/dataset/places';
import type { LanguageDocument } from '../../../server/src/core/language/service';
import { datasetCodes } from '../../../server/src/core/problems/codes';
import { shownText } from '../../../server/src/core/text/file-form';
import { memoryFiles } from './memory-files';

interface RecordedCheck {
  readonly ok: boolean;
  readonly path?: string;
  readonly train?: string | readonly string[] | null;
  readonly val?: string | readonly string[] | null;
  readonly names?: Readonly<Record<string, string>>;
}

interface RecordedCase {
  readonly id: string;
  readonly lint: readonly string[];
  readonly also: readonly string[];
  readonly yaml: string;
  readonly bytes: string;
  readonly cwd: string;
  readonly datasetsDir: string | null;
  readonly folders: readonly string[];
  readonly templated: readonly string[];
  readonly files: readonly string[];
  readonly lists: Readonly<Record<string, string>>;
  readonly results: Readonly<Record<string, { fatal: boolean; stage: string | null; check: RecordedCheck }>>;
}

const ROOT = '/home/me/case';
const DATASETS = '/home/me/datasets';
const cases = JSON.parse(readFileSync('test/fixtures/dataset/yaml-cases.json', 'utf8')) as readonly RecordedCase[];

/** Where the newest release stops before it looks at a label. */
const YAML_STAGES = ['check', 'trainer_check', 'model_build', 'pose_val_init'];

/** Mistakes that only labels or contents show, or that another problem of the same place tells. */
const TOLD_OTHERWISE: Readonly<Record<string, string>> = {
  'y02-empty Y04': 'nothing is there to which a missing key could belong: the empty file is the problem',
  'y06-both Y32': 'told as Y06',
  'y17-same-content Y17': 'only the contents of the pictures show it',
  'y19-labels-folder Y19': 'told as Y18, with the fix',
};

/** Texts in which no key shows what they are meant to be. */
const UNRECOGNISABLE = ['y02-empty', 'y02-list', 'y02-scalar'];

describe('dataset YAML: recorded answers of the trainer', () => {
  for (const each of cases) {
    it(each.id, () => {
      const { document, place, bytes } = open(each);
      const newest = each.results['8.4.190'];
      assert.ok(newest);
      assert.equal(looksLikeDataset(document.text, document.path), !UNRECOGNISABLE.includes(each.id));

      const problems = [
        ...checkDataset(document, place).problems,
        ...datasetLanguageAt(place).validateFile(bytes, document.path),
      ];
      const told = problems.map(({ code, severity, message }) => `${severity} ${code} ${message}`).join('\n');
      const codes = new Set(problems.map(({ code }) => code));
      for (const id of each.lint.filter((one) => one.startsWith('Y'))) {
        const code = `DATA0${id.slice(1)}`;
        if (!Object.hasOwn(datasetCodes, code) || Object.hasOwn(TOLD_OTHERWISE, `${each.id} ${id}`)) continue;
        assert.ok(codes.has(code), `${id} is not told:\n${told}`);
      }
      const errors = problems.filter(({ severity }) => severity === 'error');
      if (newest.fatal && YAML_STAGES.includes(newest.stage ?? '') && each.id !== 'y44-classify') {
        assert.ok(errors.length > 0, `the trainer stops, and nothing says so:\n${told}`);
      }
      // Nested pairs pass the loader, and the loss breaks on them (spec 0a, row 12).
      if (!newest.fatal && each.id !== 'y37-nested') assert.deepEqual(errors, []);

      const mayTell = new Set(
        [...each.lint, ...each.also].map((id) => (id === 'L36' ? 'DATA046' : `DATA0${id.slice(1)}`)),
      );
      const unasked = problems.filter(
        ({ code, severity }) => (severity === 'error' || severity === 'warning') && !mayTell.has(code),
      );
      assert.deepEqual(unasked, [], told);
    });
  }

  it('finds the paths and the names that the trainer found', () => {
    let compared = 0;
    for (const each of cases) {
      const { check } = each.results['8.4.190'] ?? {};
      if (check?.ok !== true || each.id === 'y31-utf16' || each.id === 'y07-train-empty-string') continue;
      const { document, place } = open(each);
      const context = readDataset(document, place);
      assert.ok(context?.places, each.id);
      // The trainer keeps a relative `path` as it is written.
      if (check.path !== undefined && each.cwd === '.')
        assert.equal(context.places.root.folder, absolute(check.path), each.id);
      for (const split of ['train', 'val'] as const) {
        const recorded = pathsOf(check[split]);
        const ours: readonly string[] = context.splitPaths.filter((one) => one.split === split).map((one) => one.path);
        if (recorded.length === 0 || ours.length === 0) continue;
        assert.deepEqual(ours, recorded, each.id);
        compared += 1;
      }
      if (check.names === undefined || each.id === 'y31-latin1') continue;
      const names = Object.fromEntries((context.classes ?? []).map(({ index, name }) => [String(index), name]));
      assert.deepEqual(names, check.names, each.id);
    }
    assert.ok(compared > 150, String(compared));
  });
});

function open(each: RecordedCase): { document: LanguageDocument; place: TrainingPlace; bytes: Uint8Array } {
  const content = (file: string, base64: string): Buffer => {
    const bytes = Buffer.from(base64, 'base64');
    if (!each.templated.includes(file)) return bytes;
    return Buffer.from(bytes.toString('utf8').replaceAll('@CASE@', ROOT));
  };
  const bytes = content(each.yaml, each.bytes);
  const contents = new Map(Object.entries(each.lists).map(([file, text]) => [absolute(file), content(file, text)]));
  const files = memoryFiles(each.files.map(absolute), [ROOT, ...each.folders.map(absolute)], contents);
  return {
    document: { path: absolute(each.yaml), text: shownText(bytes), files },
    place: {
      cwd: absolute(each.cwd),
      datasetsFolder: each.datasetsDir === null ? DATASETS : absolute(each.datasetsDir),
    },
    bytes,
  };
}

function pathsOf(recorded: string | readonly string[] | null | undefined): readonly string[] {
  if (recorded === null || recorded === undefined || recorded === '') return [];
  return (typeof recorded === 'string' ? [recorded] : recorded).map(absolute);
}

function absolute(recorded: string): string {
  const own = recorded.replace(/^@CASE@/, ROOT).replace(/^@DATASETS@/, DATASETS);
  return path.posix.resolve(ROOT, own);
}
