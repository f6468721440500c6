// From opening a file to its first diagnostics: our language server against a JSON language server made of the usual
// parts (test/support/json-server.ts) with a document of the same size, in the same run.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { place, DATASET, MUD, RECIPE, type Sample } from '../lsp/samples';
import { testProgram } from '../support/bundles';
import { Editor, SERVER } from '../support/lsp-server';
import { median } from '../support/median';

const COLD_RUNS = 9;
const WARM_DOCUMENTS = 15;
/** Names of the largest public detection dataset that people train: a document of some size. */
const MANY_NAMES = 1203;

interface Times {
  /** From starting the process to the diagnostics of the first document. */
  readonly start: number;
  /** From opening the first document to its diagnostics. */
  readonly first: number;
  /** The same for further documents of the running server. */
  readonly warm: readonly number[];
}

interface Case {
  readonly name: string;
  readonly languageId: string;
  readonly uri: string;
  readonly text: string;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'maixcam-bench-'));
try {
  await measure();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const peer = await testProgram('test/support/json-server.ts');
  const names = Array.from({ length: MANY_NAMES }, (_, index) => `  ${index}: class ${index}`).join('\n');
  const large: Sample = {
    ...DATASET,
    name: 'many.yaml',
    good: `train: images/train\nval: images/val\nnames:\n${names}\n`,
  };
  console.log('\nfrom opening to first diagnostics, medians in ms; (peer: JSON, same size)');
  console.log('document          bytes   process start       first document      further documents');
  for (const [name, sample] of [
    ['recipe', RECIPE],
    ['MUD', MUD],
    ['dataset', DATASET],
    ['dataset, 1203 names', large],
  ] as const) {
    const uri = place(folder, sample);
    const ours: Case = { name, languageId: sample.languageId, uri, text: sample.good };
    const theirs: Case = { name, languageId: 'json', uri: `${uri}.json`, text: sameSizeJson(sample.good.length) };
    await report(ours, theirs, peer);
  }
}

async function report(ours: Case, theirs: Case, peer: string): Promise<void> {
  const our: Times[] = [];
  const their: Times[] = [];
  // The first pair warms the page cache and is not counted.
  for (let pair = 0; pair <= COLD_RUNS; pair += 1) {
    const a = await oneServer(SERVER, ours);
    const b = await oneServer(peer, theirs);
    if (pair === 0) continue;
    our.push(a);
    their.push(b);
  }
  const cell = (pick: (times: Times) => readonly number[]): string => {
    const [a, b] = [median(our.flatMap(pick)), median(their.flatMap(pick))];
    return `${a.toFixed(1).padStart(6)} (${b.toFixed(1)}) ${(a / b).toFixed(2)} ×`.padEnd(20);
  };
  console.log(
    `${ours.name.padEnd(19)} ${String(ours.text.length).padStart(5)} ` +
      `${cell(({ start }) => [start])}${cell(({ first }) => [first])}${cell(({ warm }) => warm)}`,
  );
}

async function oneServer(program: string, document: Case): Promise<Times> {
  const begun = performance.now();
  const editor = Editor.spawn({}, program);
  try {
    await editor.initialize({ mode: 'push' });
    const first = await opening(editor, document.uri, document);
    const start = performance.now() - begun;
    const warm: number[] = [];
    for (let index = 0; index < WARM_DOCUMENTS; index += 1) {
      warm.push(await opening(editor, document.uri.replace(/([^/]+)$/, `${index}-$1`), document));
    }
    return { start, first, warm };
  } finally {
    await editor.end();
  }
}

async function opening(editor: Editor, uri: string, document: Case): Promise<number> {
  const begun = performance.now();
  await editor.open(uri, document.languageId, document.text);
  await editor.pushed(uri, () => true);
  return performance.now() - begun;
}

/** An object of numbers and strings of about so many bytes. */
function sameSizeJson(bytes: number): string {
  const rows: string[] = [];
  for (let size = 4; size < bytes; size += rows.at(-1)?.length ?? 1) rows.push(`  "key ${rows.length}": "value"`);
  return `{\n${rows.join(',\n')}\n}\n`;
}
