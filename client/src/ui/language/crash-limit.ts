/** Allows a number of restarts within a time, so that a server that cannot live is not started for ever. */
export class CrashLimit {
  private readonly crashes: number[] = [];

  constructor(
    private readonly allowed: number,
    private readonly withinMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Notes a crash; whether the server may be started again. */
  crashed(): boolean {
    const now = this.now();
    this.crashes.push(now);
    while ((this.crashes[0] ?? now) <= now - this.withinMs) this.crashes.shift();
    return this.crashes.length <= this.allowed;
  }

  /** A person has started it again. */
  reset(): void {
    this.crashes.length = 0;
  }
}
