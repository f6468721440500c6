/** Something that keeps a model file from working on the board (error), or may (warning). */
export interface ModelProblem {
  /** Stable identifier, e.g. `CVIMODEL_CHIP`. Never renamed. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** What happens and why. */
  readonly message: string;
  /** What to do next. */
  readonly hint: string;
}
