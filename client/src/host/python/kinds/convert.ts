import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../../../server/src/core/problems/app-error';
import type { EnvironmentKind, MakingEnvironment } from './kind';

/** What its wheel brings along and a newer glibc cannot live with (toolchain.md 1, "glibc trap"). */
const BUNDLED_RUNTIME = ['libc.so.6', 'libm.so.6', 'libpthread.so.0', 'libstdc++.so.6', 'libgcc_s.so.1'];

const THIRD_PARTY = ['lib', 'python3.10', 'site-packages', 'tpu_mlir', 'lib', 'third_party'];

/** Here the files are kept, in a folder of ours inside the environment. */
const MOVED_TO = 'maixcam-moved';

/** Conversion for MaixCAM and MaixCAM-Pro with TPU-MLIR (spec toolchain.md 1, conversion.md 3.1). */
export const convertKind: EnvironmentKind = {
  name: 'convert',
  title: 'conversion to cvimodel (TPU-MLIR)',
  versions: [[3, 10]],
  pythonHint:
    'TPU-MLIR runs on Python 3.10 only. Get it with "uv python install 3.10", "pyenv install 3.10" or, on Ubuntu 22.04, "sudo apt install python3.10 python3.10-venv"; or name one in MAIXCAM_PYTHON.',
  // Named one by one: what the wheel's metadata forgets (psutil, setuptools, torch), and a pin of it that was yanked.
  requirements: () => [
    'tpu_mlir[onnx]==1.30.2',
    'opencv-python-headless==4.8.0.74',
    'psutil==7.2.2',
    'setuptools==80.10.2',
    'torch==1.12.1',
  ],
  essential: ['tpu-mlir', 'onnx', 'onnxruntime', 'torch', 'psutil', 'setuptools'],
  cost: { cpuIndex: 1.9e9, packageIndex: 3.7e9, minutes: '1 to 10 minutes' },
  unsupported: (platform, arch) =>
    platform === 'linux' && arch === 'x64'
      ? null
      : new AppError({
          code: 'ENV_CONVERT_UNSUPPORTED',
          message: `TPU-MLIR, which makes cvimodels, runs on Linux x86-64 only; this machine is ${platform} ${arch}.`,
          hint: 'Use Docker: run the sophgo/tpuc_dev image (linux/amd64) with "pip install tpu_mlir[onnx]==1.30.2" in it, or work in Ubuntu 22.04 under WSL2 or on a Linux machine.',
          kind: 'missing-tool',
        }),
  trials: ['model_transform'],
  finish: async (making) => {
    if (await startsUp(making)) return;
    await moveRuntime(making.folder);
    const proof = await transformHelp(making);
    if (proof.exitCode === 0) return;
    throw new AppError({
      code: 'ENV_PROOF_FAILED',
      message: `TPU-MLIR was installed but does not start: ${proof.tail.trimEnd().split('\n').at(-1) ?? 'no output'}`,
      hint: 'See the log. If a system library is named, install it and create the environment again.',
    });
  },
  complaint: (facts) => {
    const why = facts.failures.model_transform;
    if (why === undefined) return null;
    if (/GLIBC_|GLIBCXX_|libc\.so\.6/.test(why) && facts.bundledRuntime.length > 0) {
      return {
        message: `TPU-MLIR in ${facts.executable} does not start: its wheel brings an older C runtime than this system's (${facts.bundledRuntime.map((file) => path.basename(file)).join(', ')}).`,
        hint: `Move these files out of ${path.dirname(facts.bundledRuntime[0] ?? '')} by hand (the environment is yours, so it is left alone), or let "maixcam env create convert" make one.`,
      };
    }
    return {
      message: `TPU-MLIR does not start in ${facts.executable}: ${why}`,
      hint: 'Install "tpu_mlir[onnx]==1.30.2 psutil setuptools<81 torch" there with Python 3.10, or let "maixcam env create convert" make an environment.',
    };
  },
};

/** Whether the tools run as they were installed: on an old glibc the bundled files are the right ones. */
async function startsUp(making: MakingEnvironment): Promise<boolean> {
  return (await transformHelp(making)).exitCode === 0;
}

function transformHelp(making: MakingEnvironment): ReturnType<MakingEnvironment['run']> {
  return making.run({ command: path.join(making.folder, 'bin', 'model_transform.py'), args: ['--help'] });
}

async function moveRuntime(folder: string): Promise<void> {
  const target = path.join(folder, MOVED_TO);
  await mkdir(target, { recursive: true });
  for (const name of BUNDLED_RUNTIME) {
    await rename(path.join(folder, ...THIRD_PARTY, name), path.join(target, name)).catch((error: unknown) => {
      // A release that leaves one of them out is a better one.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
  }
}
