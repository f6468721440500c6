// What a demo needs and what can be found out before the long work: Pythons, and room on the disks. Only what is surely
// missing is told; the exact check is `maixcam env create KIND --dry-run`, which needs the build.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { root, stop } from './launch.mjs';

/** Bytes of the node packages in the clone. */
const PACKAGES = 0.6e9;

/** As in client/src/host/python/kinds: minor versions of Python 3, and bytes with PyTorch from either index. */
export const KINDS = {
  train: {
    title: 'training',
    minors: [9, 10, 11, 12, 13],
    cost: { cpuIndex: 1.6e9, packageIndex: 6.2e9 },
    brought: 'MAIXCAM_TRAIN_PYTHON',
  },
  convert: {
    title: 'converting',
    minors: [10],
    cost: { cpuIndex: 1.9e9, packageIndex: 3.7e9 },
    brought: 'MAIXCAM_CONVERT_PYTHON',
  },
};

/** Ends with everything that is missing and the way to it (exit status 3); returns where nothing is known to be. */
export async function preflight(kinds) {
  const cache = cacheFolder();
  const wanted = kinds.filter(
    (kind) => !process.env[KINDS[kind].brought] && !fs.existsSync(path.join(cache, kind, 'maixcam-environment.json')),
  );
  const missing = missingPython(wanted);

  const needs = [];
  if (!fs.existsSync(path.join(root, 'node_modules'))) needs.push({ folder: root, bytes: PACKAGES });
  if (wanted.length > 0) {
    const source = (await cannotReach('download.pytorch.org')) ? 'packageIndex' : 'cpuIndex';
    const bytes = wanted.reduce((sum, kind) => sum + KINDS[kind].cost[source], 0);
    needs.push({ folder: cache, bytes });
    console.log(
      `Python environments to make: ${wanted.join(', ')} (about ${inGigabytes(bytes)} in ${cache}` +
        `${source === 'packageIndex' ? '; the PyTorch index with its smaller builds cannot be reached' : ''}).`,
    );
  }
  missing.push(...missingSpace(needs));
  if (missing.length > 0) stop(`This cannot start yet:\n${missing.map((line) => `  - ${line}`).join('\n')}`);
}

/** As `cacheFolder` in client/src/host/python/place.ts. */
export function cacheFolder() {
  const { MAIXCAM_ENV_DIR: chosen, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (chosen) return path.resolve(chosen);
  const home = os.homedir();
  let parent = xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache');
  if (process.platform === 'win32') parent = local ?? path.join(home, 'AppData', 'Local');
  if (process.platform === 'darwin') parent = path.join(home, 'Library', 'Caches');
  return path.join(parent, 'maixcam-workbench');
}

/** Kinds whose Python is surely not there: not on PATH, and no manager of Pythons that may know one. */
function missingPython(kinds) {
  if (kinds.length === 0 || process.env.MAIXCAM_PYTHON || hasPythonManager()) return [];
  const found = new Set(pythonsOnPath());
  return kinds
    .filter((kind) => !KINDS[kind].minors.some((minor) => found.has(minor)))
    .map((kind) => {
      const { title, minors } = KINDS[kind];
      const versions = minors.length === 1 ? `3.${minors[0]}` : `3.${minors[0]} to 3.${minors.at(-1)}`;
      const best = minors.includes(11) ? '3.11' : versions;
      const have = found.size === 0 ? 'no Python 3' : `only ${[...found].map((minor) => `3.${minor}`).join(', ')}`;
      return (
        `Python ${versions} for ${title}: ${have} was found. Get it with "uv python install ${best}",\n` +
        `    "pyenv install ${best}" or your system's packages (python${best}), or name one in MAIXCAM_PYTHON.`
      );
    });
}

function pythonsOnPath() {
  const names = ['python3', 'python', ...KINDS.train.minors.map((minor) => `python3.${minor}`)];
  return names.flatMap((name) => {
    const run = spawnSync(name, ['-c', 'import sys; print(*sys.version_info[:2])'], {
      encoding: 'utf8',
      timeout: 10_000,
    });
    const [, minor] = /^3 (\d+)\s*$/.exec(run.stdout ?? '') ?? [];
    return minor === undefined ? [] : [Number(minor)];
  });
}

/** pyenv, conda, uv and the Windows launcher know interpreters off PATH; the exact check asks them. */
function hasPythonManager() {
  if (process.platform === 'win32') return true;
  const home = os.homedir();
  const folders = [
    process.env.PYENV_ROOT,
    process.env.CONDA_PREFIX,
    process.env.MAMBA_ROOT_PREFIX,
    ...['.pyenv', 'miniconda3', 'anaconda3', 'miniforge3', 'mambaforge', 'micromamba', '.conda', '.local/share/uv'].map(
      (name) => path.join(home, name),
    ),
    ...['/opt/conda', '/opt/miniconda3', path.join(cacheFolder(), 'maixcam-uv')],
    ...(process.env.PATH ?? '').split(path.delimiter).map((folder) => folder && path.join(folder, 'uv')),
  ];
  return folders.some((folder) => folder && fs.existsSync(folder));
}

/** Disks with less room than all that is to come onto them. */
function missingSpace(needs) {
  const disks = new Map();
  for (const { folder, bytes } of needs) {
    const existing = existingPart(folder);
    const { dev } = fs.statSync(existing);
    const disk = disks.get(dev) ?? { existing, bytes: 0, folders: [] };
    disks.set(dev, { existing, bytes: disk.bytes + bytes, folders: [...disk.folders, folder] });
  }
  return [...disks.values()].flatMap(({ existing, bytes, folders }) => {
    const { bavail, bsize } = fs.statfsSync(existing);
    if (bavail * bsize >= bytes) return [];
    return [
      `Room on the disk: about ${inGigabytes(bytes)} are needed in ${folders.join(' and ')}, and\n` +
        `    ${inGigabytes(bavail * bsize)} are free. Free some space, or set MAIXCAM_ENV_DIR to a folder on a larger disk.`,
    ];
  });
}

function existingPart(folder) {
  let existing = folder;
  while (!fs.existsSync(existing) && path.dirname(existing) !== existing) existing = path.dirname(existing);
  return existing;
}

/** Whether a host surely gives no connection; behind a proxy that is not known. */
function cannotReach(host) {
  if (Object.keys(process.env).some((name) => /^(https|all)_proxy$/i.test(name))) return false;
  return new Promise((resolve) => {
    const socket = net.connect({ host, port: 443, timeout: 5000 });
    const answer = (failed) => {
      socket.destroy();
      resolve(failed);
    };
    socket.on('connect', () => answer(false));
    socket.on('timeout', () => answer(true));
    socket.on('error', () => answer(true));
  });
}

function inGigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
