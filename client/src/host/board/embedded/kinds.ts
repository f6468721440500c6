/** What tells one kind of board from another, as far as a computer that is connected to it can see. */
export interface EmbeddedKind {
  /** `id` in /boot/board. */
  readonly id: string;
  /** `name` in /boot/board. */
  readonly name: string;
  /** Password of root on the stock image. */
  readonly password: string;
  /** `uname -m`. */
  readonly machine: string;
  /** Size of the root file system in the image, in bytes. */
  readonly rootBytes: number;
  readonly imageVersion: string;
  readonly hostname: string;
  readonly sitePackages: string;
  /** File type of `[basic] type` and suffix of the models it runs. */
  readonly modelType: 'cvimodel' | 'axmodel';
}

export type EmbeddedKindName = 'maixcam' | 'maixcam-pro' | 'maixcam2';

const MAIXCAM: EmbeddedKind = {
  id: 'maixcam',
  name: 'MaixCAM',
  password: 'root',
  machine: 'riscv64',
  rootBytes: 1_572_864 * 1024,
  imageVersion: 'maixcam-2025-12-30-maixpy-v4.12.5',
  hostname: 'maixcam-6c7d',
  sitePackages: '/usr/lib/python3.11/site-packages',
  modelType: 'cvimodel',
};

/** Facts of spec board.md 2 (logins), 3.1–3.2 (paths, sizes) and 4 (identity). */
export const embeddedKinds: Readonly<Record<EmbeddedKindName, EmbeddedKind>> = {
  maixcam: MAIXCAM,
  'maixcam-pro': {
    ...MAIXCAM,
    id: 'maixcam_pro',
    name: 'MaixCAM-Pro',
    imageVersion: 'maixcam-pro-2025-12-30-maixpy-v4.12.5',
  },
  maixcam2: {
    id: 'maixcam2',
    name: 'MaixCAM2',
    password: 'sipeed',
    machine: 'aarch64',
    rootBytes: 5120 * 1024 * 1024,
    imageVersion: 'maixcam2-2026-01-27-maixpy-v4.12.5',
    hostname: 'maixcam2-6c7d',
    sitePackages: '/usr/local/lib/python3.13/site-packages',
    modelType: 'axmodel',
  },
};
