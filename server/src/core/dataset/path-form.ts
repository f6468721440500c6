/** A mistake in how a path is written, which keeps the trainer from finding it. */
export interface PathForm {
  readonly kind: 'glob' | 'system' | 'edge';
  /** The path as it should be written; null where only a person knows. */
  readonly better: string | null;
  readonly message: string;
}

/** The mistake in a path, or null (spec dataset-and-training.md 1.3, 3.2: Y11 to Y13). */
export function pathForm(written: string, windows: boolean): PathForm | null {
  const trimmed = written.replace(/^[\s'"]+|[\s'"]+$/g, '');
  if (trimmed !== written) {
    const better = trimmed === '' ? null : trimmed;
    return {
      kind: 'edge',
      better,
      message:
        'The path begins or ends with a blank or a quote, and the trainer looks for a folder of exactly that name',
    };
  }
  if (/[*?]/.test(written)) {
    const folder = written
      .split('/')
      .slice(
        0,
        written.split('/').findIndex((part) => /[*?]/.test(part)),
      )
      .join('/');
    return {
      kind: 'glob',
      better: folder === '' ? null : folder,
      message:
        'The trainer knows no patterns: it looks for a folder whose name has this character. A folder is searched with all folders inside, so its name is enough',
    };
  }
  if (windows) return null;
  if (/^[A-Za-z]:[\\/]/.test(written)) {
    return {
      kind: 'system',
      better: null,
      message:
        'This is a path of a Windows computer; here the trainer takes it for a folder below its own datasets folder. Write where the pictures lie on this computer',
    };
  }
  if (written.startsWith('~')) {
    return {
      kind: 'system',
      better: null,
      message: 'The trainer does not know `~`: it looks for a folder of that name. Write the whole path',
    };
  }
  if (written.includes('\\')) {
    return {
      kind: 'system',
      better: written.replaceAll('\\', '/'),
      message: 'Here `\\` is a part of a name and separates no folders. Write `/`',
    };
  }
  return null;
}
