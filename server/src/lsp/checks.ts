import type { FileProblem } from '../core/language/service';
import type { Problem } from '../core/problems/problem';
import type { DiskFindings } from './disk-findings';
import type { Guard } from './guard';
import type { OpenDocument } from './open-documents';

/** All that is wrong with one version of a document. */
export interface Check {
  readonly document: OpenDocument;
  readonly problems: readonly Problem[];
  readonly fileProblems: readonly FileProblem[];
}

/** Files that lie where no watcher sees them may have changed after so long. */
const TRUSTED_MS = 2000;

/** Checks documents, each version once as long as nothing on the disk changes. */
export class Checks {
  private readonly last = new Map<
    string,
    { readonly document: OpenDocument; problems: readonly Problem[]; at: number }
  >();

  private readonly costs = new Map<string, number>();

  constructor(
    private readonly guard: Guard,
    private readonly disk: DiskFindings,
  ) {}

  /** The text is checked now; the bytes as they were last read (`DiskFindings.settled`). */
  check(document: OpenDocument): Check {
    const known = this.last.get(document.uri);
    const fresh = known?.document === document && performance.now() - known.at < TRUSTED_MS;
    const problems = fresh ? known.problems : this.validate(document);
    return { document, problems, fileProblems: this.disk.of(document.uri) };
  }

  /** Something on the disk has changed. */
  forgetAll(): void {
    this.last.clear();
  }

  forget(uri: string): void {
    this.last.delete(uri);
    this.costs.delete(uri);
  }

  /** Milliseconds that the last check of a document took; 0 where there was none. */
  cost(uri: string): number {
    return this.costs.get(uri) ?? 0;
  }

  private validate(document: OpenDocument): readonly Problem[] {
    const begun = performance.now();
    const problems = this.guard.ask(document, 'checking', [], (of, view) => of.validate(view));
    this.costs.set(document.uri, performance.now() - begun);
    this.last.set(document.uri, { document, problems, at: performance.now() });
    return problems;
  }
}
