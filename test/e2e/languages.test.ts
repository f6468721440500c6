import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { useEditor } from '../support/e2e-suite';

const MUD = '[basic]\ntype = cvimodel\nmodel = one.cvimodel\n';
const RECIPE = 'board: maixcam\ntask: detect\nonnx: one.onnx\n';
const DATASET = 'train: images/train\nval: images/val\nnames: [circle, square]\n';

interface Flow {
  readonly file: string;
  readonly code: string;
  /** Where the problem is, from 1. */
  readonly at: readonly [line: number, column: number];
  readonly fix: string;
  readonly before: string;
  readonly after: string;
}

/** One problem of each language that its text shows, and the fix as an edit that a person still saves. */
const TEXTS: readonly Flow[] = [
  {
    file: 'quoted.mud',
    code: 'MUD015',
    at: [3, 10],
    fix: 'Remove the quotes',
    before: MUD.replace('one.cvimodel', '"one.cvimodel"'),
    after: MUD,
  },
  {
    file: 'misspelt.maixcam.yaml',
    code: 'RECIPE003',
    at: [4, 2],
    fix: 'Write deploy',
    before: `${RECIPE}depoly: { host: 10.0.0.1 }\n`,
    after: `${RECIPE}deploy: { host: 10.0.0.1 }\n`,
  },
  {
    file: 'data.yaml',
    code: 'DATA005',
    at: [2, 2],
    fix: 'Rename to val',
    before: DATASET.replace('val:', 'valid:'),
    after: DATASET,
  },
];

/** What the editor does not show: the fix writes the bytes on the disk. */
const BYTES: readonly Flow[] = [
  {
    file: 'bom.mud',
    code: 'MUD001',
    at: [1, 1],
    fix: 'Remove the byte order mark',
    before: `\uFEFF${MUD}`,
    after: MUD,
  },
  {
    file: 'cr.mud',
    code: 'MUD003',
    at: [1, 8],
    fix: 'Write LF line ends',
    before: MUD.replaceAll('\n', '\r'),
    after: MUD,
  },
  {
    file: 'bom.maixcam.yaml',
    code: 'RECIPE029',
    at: [1, 1],
    fix: 'Remove the byte order mark',
    before: `\uFEFF${RECIPE}`,
    after: RECIPE,
  },
  {
    file: 'cr.maixcam.yaml',
    code: 'RECIPE032',
    at: [1, 1],
    fix: 'Change line ends to LF',
    before: RECIPE.replaceAll('\n', '\r'),
    after: RECIPE,
  },
];

describe('editing help', function () {
  this.timeout(240_000);
  const suite = useEditor({
    ...Object.fromEntries([...TEXTS, ...BYTES].map(({ file, before }) => [file, before])),
    'one.cvimodel': '',
    'one.onnx': '',
    'images/train/1.jpg': '',
    'images/val/1.jpg': '',
  });

  async function seeAndFix({ file, code, at: [line, column], fix }: Flow): Promise<void> {
    const { window } = suite;
    await window.openFile(suite.file(file));
    const problems = await window.problems(code);
    await problems.filter({ hasText: code }).first().waitFor();
    await window.focusEditor();
    await window.goTo(line, column);
    const fixes = await window.quickFixes();
    await fixes.filter({ hasText: fix }).first().waitFor();
    await window.screenshot(`fixes of ${file}`);
    await fixes.filter({ hasText: fix }).first().click();
    await window.fixed(code);
  }

  for (const flow of TEXTS) {
    it(`shows ${flow.code} in ${flow.file}, and mends the text`, async () => {
      await seeAndFix(flow);
      await suite.window.save();
      assert.equal(readFileSync(suite.file(flow.file), 'utf8'), flow.after);
    });
  }

  for (const flow of BYTES) {
    it(`shows ${flow.code} in ${flow.file}, which only the bytes show, and mends the file`, async () => {
      await seeAndFix(flow);
      assert.equal(readFileSync(suite.file(flow.file), 'utf8'), flow.after);
    });
  }

  it('sees what another program writes into an open file', async () => {
    const { window } = suite;
    const file = suite.file('bom.mud');
    await window.openFile(file);
    writeFileSync(file, `\uFEFF${MUD}`);
    await (await window.problems('MUD001')).filter({ hasText: 'MUD001' }).first().waitFor();
    writeFileSync(file, MUD);
    await window.fixed('MUD001');
  });
});
