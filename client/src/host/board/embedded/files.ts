import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EmbeddedKind } from './kinds';

const EMPTY_FOLDERS = [
  'maixapp/apps',
  'maixapp/share/picture',
  'maixapp/share/video',
  'maixapp/tmp',
  'root/.ssh',
  'root/models',
  'tmp',
  'usr/bin',
];

/**
 * Lays out the files that a board of this kind has (spec board.md 3.1 and 4) below `root`. What is already there stays
 * as it is, so a folder that is used again keeps its models, its keys and its identity.
 */
export async function layOutBoard(root: string, kind: EmbeddedKind): Promise<void> {
  for (const folder of EMPTY_FOLDERS) await mkdir(path.join(root, folder), { recursive: true });
  for (const [name, text] of Object.entries(boardFiles(kind))) {
    const file = path.join(root, name);
    if (existsSync(file)) continue;
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}

function boardFiles(kind: EmbeddedKind): Record<string, string> {
  return {
    'boot/board': `id=${kind.id}\nname=${kind.name}\n`,
    'boot/ver': `${kind.imageVersion}\n`,
    'boot/configs': 'maix_npu_ai_isp=0\n',
    device_key: 'e2f0b7c4a1935d68\n',
    'etc/hostname': `${kind.hostname}\n`,
    'maixapp/apps/app.info': '[basic]\nversion = 1\n',
    'maixapp/maixcam_lib.version': '4.12.5\n',
    [`${kind.sitePackages.slice(1)}/maix/version.py`]:
      "version_major = 4\nversion_minor = 12\nversion_patch = 5\n__version__ = '4.12.5'\n",
    ...preinstalledModels(kind),
  };
}

/** The image brings models of its own; these have their names and a few bytes, enough to be listed and kept safe. */
function preinstalledModels(kind: EmbeddedKind): Record<string, string> {
  const extra =
    '[extra]\nmodel_type = yolov5\ninput_type = rgb\nmean = 0, 0, 0\nscale = 0.003922, 0.003922, 0.003922\n';
  const labels = 'labels = person, bicycle\n';
  if (kind.modelType === 'cvimodel') {
    return {
      'root/models/yolov5s.mud': `[basic]\ntype = cvimodel\nmodel = yolov5s.cvimodel\n\n${extra}${labels}`,
      'root/models/yolov5s.cvimodel': 'embedded board: no weights here\n',
    };
  }
  return {
    'root/models/yolov5s.mud': `[basic]\ntype = axmodel\nmodel_npu = yolov5s_npu.axmodel\nmodel_vnpu = yolov5s_vnpu.axmodel\n\n${extra}${labels}`,
    'root/models/yolov5s_npu.axmodel': 'embedded board: no weights here\n',
    'root/models/yolov5s_vnpu.axmodel': 'embedded board: no weights here\n',
  };
}
