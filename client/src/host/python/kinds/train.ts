import type { MinorVersion } from '../interpreter';
import type { EnvironmentKind } from './kind';

/** The set that was resolved and tried together on Python 3.11 (toolchain.md 1); torch and torchvision are a pair. */
const TRIED = [
  'ultralytics==8.4.190',
  'onnx==1.23.2',
  'onnxruntime==1.32.0',
  'onnxslim==0.1.98',
  'torch==2.15.0',
  'torchvision==0.29.2',
  'numpy==2.4.6',
  'opencv-python==5.0.0.93',
];

/** Older Pythons get the newest releases that still support them. */
const OLDER_PYTHON = ['ultralytics==8.4.190', 'onnx', 'onnxruntime', 'onnxslim', 'torch', 'torchvision'];

/** Training and export with Ultralytics (spec toolchain.md 1). */
export const trainKind: EnvironmentKind = {
  name: 'train',
  title: 'training and export (Ultralytics)',
  versions: [
    [3, 11],
    [3, 12],
    [3, 13],
    [3, 10],
    [3, 9],
  ],
  pythonHint:
    'Get one with "uv python install 3.11", "pyenv install 3.11" or, on Debian and Ubuntu, "sudo apt install python3 python3-venv"; or name one in MAIXCAM_PYTHON.',
  requirements: ([major, minor]: MinorVersion) => (major === 3 && minor >= 11 ? TRIED : OLDER_PYTHON),
  essential: ['ultralytics', 'torch', 'torchvision', 'onnx', 'onnxruntime', 'onnxslim'],
  cost: { cpuIndex: 1.6e9, packageIndex: 6.2e9, minutes: '1 to 10 minutes' },
  unsupported: () => null,
  // An import proves nothing: a torchvision that does not fit its torch imports and dies in training (toolchain.md 1).
  trials: ['nms', 'cv2', 'onnx', 'onnxruntime', 'onnxslim'],
  complaint: (facts) => {
    const [what, why] = Object.entries(facts.failures)[0] ?? [];
    if (what === undefined || why === undefined) return null;
    if (what === 'nms') {
      return {
        message: `PyTorch and torchvision in ${facts.executable} do not fit together: ${why}`,
        hint: 'Install torch and torchvision together from one index, for example: uv pip install --torch-backend=auto --reinstall torch torchvision. Or let "maixcam env create train" make an environment.',
      };
    }
    return {
      message: `The package ${what} does not work in ${facts.executable}: ${why}`,
      hint: 'Install "ultralytics onnx onnxruntime onnxslim" in that environment, or let "maixcam env create train" make one.',
    };
  },
};
