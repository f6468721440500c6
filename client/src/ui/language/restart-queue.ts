/**
 * Runs one piece of work at a time and keeps at most one waiting: who asks while one waits gets that one. Ten requests
 * to restart in a row are two restarts.
 */
export class RestartQueue {
  private running: Promise<void> | null = null;
  private waiting: Promise<void> | null = null;

  constructor(private readonly work: () => Promise<void>) {}

  /** Resolves (or rejects) with a run that began after the call. */
  request(): Promise<void> {
    if (this.running === null) return this.begin();
    const before = this.running;
    this.waiting ??= before
      .catch(() => undefined)
      .then(() => {
        this.waiting = null;
        return this.begin();
      });
    return this.waiting;
  }

  private begin(): Promise<void> {
    const run = this.work().finally(() => {
      if (this.running === run) this.running = null;
    });
    this.running = run;
    return run;
  }
}
