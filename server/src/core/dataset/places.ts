import type { LanguageFiles, PathKind } from '../language/service';
import type { DataValue, ScalarValue } from './yaml-value';

/** Where a training would start: relative paths of a dataset depend on it (spec dataset-and-training.md 1.3). */
export interface TrainingPlace {
  /** Absolute; null: the folder of the YAML. */
  readonly cwd: string | null;
  /** `datasets_dir` of the trainer's settings, absolute; null: not known. */
  readonly datasetsFolder: string | null;
}

export const SPLIT_KEYS = ['train', 'val', 'test', 'minival'] as const;
export type SplitKey = (typeof SPLIT_KEYS)[number];

/** The folder that the paths of the splits start from. */
export interface DatasetRoot {
  readonly folder: string;
  readonly from: 'yaml' | 'absolute' | 'cwd' | 'datasets';
  /** Every folder that was looked for, the winner last. */
  readonly tried: readonly string[];
  /** The folder of that name below the trainer's datasets folder, where it exists and another one wins. */
  readonly hidden: string | null;
  /** False where it may lie in the trainer's datasets folder, which is not known. */
  readonly certain: boolean;
}

/** One path of a split. */
export interface SplitPath {
  readonly split: SplitKey;
  readonly value: ScalarValue;
  readonly written: string;
  readonly path: string;
  readonly kind: PathKind;
  /** The trainer took a leading `../` away to find it. */
  readonly repaired: boolean;
  readonly listed: boolean;
}

/** Finds the places of a dataset as the trainer does. */
export class DatasetPlaces {
  readonly windows: boolean;
  readonly yamlFolder: string;
  readonly cwd: string;
  readonly root: DatasetRoot;

  constructor(
    readonly files: LanguageFiles,
    private readonly document: string,
    place: TrainingPlace,
    written: string | null,
  ) {
    this.windows = isWindowsPath(document);
    this.yamlFolder = files.resolve(document, '.');
    this.cwd = place.cwd ?? this.yamlFolder;
    this.root = this.findRoot(written, place.datasetsFolder);
  }

  /** `written` from a folder, normalised. */
  join(folder: string, written: string): string {
    return this.files.resolve(this.document, isAbsolute(written, this.windows) ? written : `${folder}/${written}`);
  }

  exists(path: string): boolean {
    return this.files.kind(path) !== 'absent';
  }

  /** The paths of a split: a text is repaired where it starts with `../`, an item of a list is not. */
  splitPaths(split: SplitKey, value: DataValue): readonly SplitPath[] {
    if (value.kind === 'list') {
      return value.items.flatMap((item) => (isPath(item) ? [this.splitPath(split, item, true)] : []));
    }
    // An empty text has a problem of its own.
    return isPath(value) && value.value !== '' ? [this.splitPath(split, value, false)] : [];
  }

  private splitPath(split: SplitKey, value: ScalarValue & { readonly value: string }, listed: boolean): SplitPath {
    const written = value.value;
    const path = this.join(this.root.folder, written);
    const kind = this.files.kind(path);
    if (kind === 'absent' && !listed && written.startsWith('../')) {
      const nearer = this.join(this.root.folder, written.slice(3));
      const there = this.files.kind(nearer);
      if (there !== 'absent') return { split, value, written, path: nearer, kind: there, repaired: true, listed };
    }
    return { split, value, written, path, kind, repaired: false, listed };
  }

  private findRoot(written: string | null, datasetsFolder: string | null): DatasetRoot {
    if (written === null || written === '') {
      return { folder: this.yamlFolder, from: 'yaml', tried: [this.yamlFolder], hidden: null, certain: true };
    }
    if (isAbsolute(written, this.windows)) {
      const folder = this.join('', written);
      return { folder, from: 'absolute', tried: [folder], hidden: null, certain: true };
    }
    const here = this.join(this.cwd, written);
    const stored = datasetsFolder === null ? null : this.join(datasetsFolder, written);
    if (this.exists(here) || stored === null) {
      const hidden = stored !== null && stored !== here && this.exists(stored) ? stored : null;
      return { folder: here, from: 'cwd', tried: [here], hidden, certain: stored !== null || this.exists(here) };
    }
    return { folder: stored, from: 'datasets', tried: [here, stored], hidden: null, certain: true };
  }
}

function isPath(value: DataValue): value is ScalarValue & { readonly value: string } {
  return value.kind === 'scalar' && typeof value.value === 'string' && value.type === 'str';
}

function isWindowsPath(path: string): boolean {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path);
}

function isAbsolute(written: string, windows: boolean): boolean {
  return windows ? /^(?:[A-Za-z]:[\\/]|[\\/])/.test(written) : written.startsWith('/');
}
