// What activating the extension adds to an empty one: both are activated by a third one in the same extension host of
// code-server, a fresh host for each sample, in turns.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Editor } from '../support/e2e-editor';
import { until } from '../support/until';
import { median } from '../support/median';
import { vsixFile } from '../support/vsix';

const SAMPLES = 12;
const OURS = 'maixcam-workbench.maixcam-workbench';
const EMPTY = 'bench.empty';

interface Sample {
  /** From the wish to activate to the end of `activate`, reading the code included, in ms. */
  readonly ours: number;
  readonly empty: number;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'maixcam-bench-'));
try {
  await measure();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const samples = path.join(folder, 'samples');
  const workspace = path.join(folder, 'workspace');
  for (const made of [samples, workspace]) mkdirSync(made);
  const nothing = 'exports.activate = () => undefined;';
  const probe = pack('probe', ['onStartupFinished'], probeSource(samples));
  const packages = [pack('first', [], nothing), pack('empty', [], nothing), probe];
  const editor = await Editor.start({ vsix: [await vsixFile('universal'), ...packages] });
  try {
    for (let count = 1; count <= SAMPLES + 1; count += 1) {
      const window = await editor.open({ folder: workspace });
      await until(
        `sample ${count}`,
        () => readdirSync(samples).filter((name) => !name.endsWith('.part')).length >= count,
      );
      await window.page.close();
    }
  } finally {
    await editor.stop();
  }
  // The first window warms the page cache and is not counted.
  const read = readdirSync(samples)
    .sort()
    .slice(1)
    .map((name) => JSON.parse(readFileSync(path.join(samples, name), 'utf8')) as Sample);
  const [ours, peer] = [median(read.map((one) => one.ours)), median(read.map((one) => one.empty))];
  const added = read.map((one) => one.ours - one.empty).sort((a, b) => a - b);
  console.log(`\nactivation in the extension host of code-server, ${read.length} hosts, medians in ms`);
  console.log('this extension   empty extension   added   (smallest … largest)   ratio');
  console.log(
    `${ours.toFixed(1).padEnd(17)}${peer.toFixed(1).padEnd(18)}${median(added).toFixed(1).padEnd(8)}` +
      `(${(added[0] ?? 0).toFixed(1)} … ${(added.at(-1) ?? 0).toFixed(1)})`.padEnd(25) +
      `${(ours / peer).toFixed(1)} ×`,
  );
}

/** A package of one file. */
function pack(name: string, activationEvents: readonly string[], source: string): string {
  const cwd = path.join(folder, name);
  mkdirSync(cwd);
  const manifest = {
    ...{ name, publisher: 'bench', version: '1.0.0', license: 'MIT', main: './main.js' },
    ...{ engines: { vscode: '^1.100.0' }, activationEvents },
  };
  writeFileSync(path.join(cwd, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(cwd, 'main.js'), source);
  writeFileSync(path.join(cwd, 'LICENSE'), 'MIT\n');
  const packagePath = path.join(folder, `${name}.vsix`);
  const args = ['package', '--no-dependencies', '--allow-missing-repository', '--out', packagePath];
  execFileSync(process.execPath, [path.resolve('node_modules/@vscode/vsce/vsce'), ...args], { cwd, stdio: 'pipe' });
  return packagePath;
}

/** Activates both, the first one in turns, and writes what it took. Runs in the editor. */
function probeSource(samples: string): string {
  return `
    const vscode = require('vscode');
    const fs = require('node:fs');
    const path = require('node:path');
    exports.activate = async () => {
      const folder = ${JSON.stringify(samples)};
      const count = fs.readdirSync(folder).length;
      const names = { ours: ${JSON.stringify(OURS)}, empty: ${JSON.stringify(EMPTY)} };
      const took = {};
      // The first activation in a host waits for the host's own start.
      await vscode.extensions.getExtension('bench.first').activate();
      for (const key of count % 2 === 0 ? ['ours', 'empty'] : ['empty', 'ours']) {
        const begun = performance.now();
        await vscode.extensions.getExtension(names[key]).activate();
        took[key] = performance.now() - begun;
      }
      const file = path.join(folder, String(count).padStart(3, '0'));
      fs.writeFileSync(file + '.part', JSON.stringify(took));
      fs.renameSync(file + '.part', file);
    };`;
}
