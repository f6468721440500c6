/** A kind of board, as a recipe and `--board` spell it (spec cli.md). */
export type BoardId = 'maixcam' | 'maixcam-pro' | 'maixcam2';

export const BOARD_IDS: readonly BoardId[] = ['maixcam', 'maixcam-pro', 'maixcam2'];

/** What a kind of board is: the facts that plans, rules and messages are built from. */
export interface BoardKind {
  readonly id: BoardId;
  /** Name for people. */
  readonly title: string;
  /** `id` in the board's `/boot/board` (board.md 4). */
  readonly deviceId: string;
  readonly chip: string;
  /** `--processor` of model_deploy, or Pulsar2's target hardware (conversion.md 1.3, 1.4). */
  readonly processor: string;
  readonly converter: 'tpu-mlir' | 'pulsar2';
  /** `[basic] type` of the MUD, and the suffix of the model files. */
  readonly modelFile: 'cvimodel' | 'axmodel';
  /**
   * Order of the dimensions in which the converter leaves the outputs that the board decodes: TPU-MLIR keeps the ONNX
   * order, Pulsar2 is told to permute 4-D maps (`dst_perm`, mud.md 6.7).
   */
  readonly mapLayout: 'CHW' | 'HWC';
  /** Network sizes that Sipeed documents for this board, width × height (conversion.md 1.2). */
  readonly usualSizes: readonly { readonly width: number; readonly height: number }[];
  /** Memory that models and video share, in bytes (board.md 3.3); on MaixCAM2 that of the smaller variant. */
  readonly modelMemory: number;
  /** SSH login (board.md 2). The password is asked for, never stored here. */
  readonly login: { readonly user: string; readonly port: number };
  /** Folder for models on the board (board.md 3.1). */
  readonly modelFolder: string;
}

const MEBIBYTE = 1024 * 1024;

const maixcam: BoardKind = {
  id: 'maixcam',
  title: 'MaixCAM',
  deviceId: 'maixcam',
  chip: 'SG2002',
  processor: 'cv181x',
  converter: 'tpu-mlir',
  modelFile: 'cvimodel',
  mapLayout: 'CHW',
  usualSizes: [{ width: 320, height: 224 }],
  modelMemory: 105 * MEBIBYTE,
  login: { user: 'root', port: 22 },
  modelFolder: '/root/models',
};

const KINDS: Readonly<Record<BoardId, BoardKind>> = {
  maixcam,
  'maixcam-pro': { ...maixcam, id: 'maixcam-pro', title: 'MaixCAM-Pro', deviceId: 'maixcam_pro' },
  maixcam2: {
    id: 'maixcam2',
    title: 'MaixCAM2',
    deviceId: 'maixcam2',
    chip: 'AX630C',
    processor: 'AX620E',
    converter: 'pulsar2',
    modelFile: 'axmodel',
    mapLayout: 'HWC',
    usualSizes: [
      { width: 640, height: 480 },
      { width: 320, height: 256 },
    ],
    modelMemory: 512 * MEBIBYTE,
    login: { user: 'root', port: 22 },
    modelFolder: '/root/models',
  },
};

/** The facts about one kind of board. */
export function boardKind(id: BoardId): BoardKind {
  return KINDS[id];
}

/** True for the three values that `--board` and a recipe may have. */
export function isBoardId(text: string): text is BoardId {
  return (BOARD_IDS as readonly string[]).includes(text);
}

/** The kind that a board itself reports in `/boot/board`, null for a board that is not known here. */
export function boardOfDevice(deviceId: string): BoardKind | null {
  return Object.values(KINDS).find((kind) => kind.deviceId === deviceId) ?? null;
}
