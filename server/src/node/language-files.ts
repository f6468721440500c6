import { closeSync, openSync, opendirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import type { LanguageFiles, PathKind } from '../core/language/service';

export interface DiskFilesOptions {
  /**
   * Milliseconds that the questions of one turn may take together; then the next one throws `FilesTooSlow`. No limit
   * when left out.
   */
  readonly budgetMs?: number;
  /** Milliseconds that an answer is remembered. */
  readonly rememberMs?: number;
}

/** The disk did not answer in time: a sleeping or a network disk. */
export class FilesTooSlow extends Error {
  constructor() {
    super('The disk did not answer in time.');
    this.name = 'FilesTooSlow';
  }
}

/** Names that are read of one folder; a folder of pictures may have millions. */
const MAX_NAMES = 20_000;
/** Bytes that are read of one file, whatever was asked for. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_REMEMBERED = 20_000;
const REMEMBER_MS = 1500;

/**
 * The file system as a language may ask for it: nothing throws (but `FilesTooSlow`), sizes are bounded, answers are
 * remembered for a moment, so that one check asks for each path once. Only regular files are ever opened: a pipe would
 * block.
 */
export class DiskFiles implements LanguageFiles {
  private readonly kinds = new Map<string, PathKind>();
  private readonly names = new Map<string, readonly string[]>();
  private readonly budgetMs: number;
  private readonly rememberMs: number;
  private rememberedSince = performance.now();
  private spentMs = 0;

  constructor(options: DiskFilesOptions = {}) {
    this.budgetMs = options.budgetMs ?? Infinity;
    this.rememberMs = options.rememberMs ?? REMEMBER_MS;
  }

  /** Starts a turn: a new budget, and answers that are too old are asked for again. */
  beginTurn(): void {
    this.spentMs = 0;
    if (performance.now() - this.rememberedSince > this.rememberMs) this.forget();
  }

  /** Something on the disk has changed. */
  forget(): void {
    this.kinds.clear();
    this.names.clear();
    this.rememberedSince = performance.now();
  }

  kind(file: string): PathKind {
    return this.remembered(this.kinds, file, () => kindOf(file));
  }

  list(folder: string): readonly string[] {
    return this.remembered(this.names, folder, () => namesIn(folder));
  }

  read(file: string, limit: number): Uint8Array | null {
    return this.timed(() => (kindOf(file) === 'file' ? firstBytes(file, Math.min(limit, MAX_BYTES)) : null));
  }

  resolve(document: string, written: string): string {
    return path.resolve(path.dirname(document), written);
  }

  private remembered<T>(answers: Map<string, T>, key: string, ask: () => T): T {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = this.timed(ask);
    if (answers.size >= MAX_REMEMBERED) answers.clear();
    answers.set(key, answer);
    return answer;
  }

  private timed<T>(ask: () => T): T {
    if (this.spentMs > this.budgetMs) throw new FilesTooSlow();
    const begun = performance.now();
    try {
      return ask();
    } finally {
      this.spentMs += performance.now() - begun;
    }
  }
}

function kindOf(file: string): PathKind {
  try {
    const stats = statSync(file);
    if (stats.isDirectory()) return 'folder';
    return stats.isFile() ? 'file' : 'absent';
  } catch {
    return 'absent';
  }
}

function namesIn(folder: string): readonly string[] {
  const names: string[] = [];
  try {
    const entries = opendirSync(folder);
    try {
      for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
        names.push(entry.name);
        if (names.length >= MAX_NAMES) break;
      }
    } finally {
      entries.closeSync();
    }
  } catch {
    return [];
  }
  return names.sort();
}

function firstBytes(file: string, limit: number): Uint8Array | null {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(Math.min(limit, statSync(file).size));
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(descriptor, bytes, filled, bytes.length - filled, filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return null;
  }
}
