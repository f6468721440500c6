import type { RecipeOverview } from '../../domain/pipeline/overview';

/** Reading one may walk a folder of pictures: a workspace with many recipes must not start them all at once. */
const AT_ONCE = 2;

/**
 * The last known overview of each recipe, read in the background: at most one reading at a time per recipe. A reading
 * that was overtaken by a new wish is not shown but done again. Of a folder that never rests, every second is shown.
 */
export class Overviews {
  private readonly known = new Map<string, RecipeOverview>();
  private readonly readings = new Map<string, Reading>();
  private readonly queue: Reading[] = [];
  private active = 0;

  /**
   * @param read gives an overview and never fails
   * @param changed called with a recipe whose overview is another than before
   */
  constructor(
    private readonly read: (recipe: string) => Promise<RecipeOverview>,
    private readonly changed: (recipe: string, before: RecipeOverview | undefined) => void,
  ) {}

  get(recipe: string): RecipeOverview | undefined {
    return this.known.get(recipe);
  }

  all(): readonly RecipeOverview[] {
    return [...this.known.values()];
  }

  /** Replaces what is known by something newer than the last reading, e.g. with the progress of a run. */
  set(recipe: string, overview: RecipeOverview): void {
    const before = this.known.get(recipe);
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(overview)) return;
    this.known.set(recipe, overview);
    this.changed(recipe, before);
  }

  /** What is known, or the first reading; undefined for a recipe that was forgotten meanwhile. */
  async first(recipe: string): Promise<RecipeOverview | undefined> {
    if (!this.known.has(recipe)) await (this.readings.get(recipe) ?? this.start(recipe)).done;
    return this.known.get(recipe);
  }

  /** Reads a recipe anew; resolves when a reading that began after this call was shown. */
  refresh(recipe: string): Promise<void> {
    const present = this.readings.get(recipe);
    if (present === undefined) return this.start(recipe).done;
    present.overtaken = present.started;
    return present.done;
  }

  /** Forgets a recipe that is gone; a reading that goes on is not shown. */
  forget(recipe: string): void {
    this.known.delete(recipe);
    const reading = this.readings.get(recipe);
    if (reading !== undefined) reading.dropped = true;
    this.readings.delete(recipe);
  }

  private start(recipe: string): Reading {
    const reading = new Reading(recipe);
    this.readings.set(recipe, reading);
    this.queue.push(reading);
    this.next();
    return reading;
  }

  private next(): void {
    while (this.active < AT_ONCE) {
      const reading = this.queue.shift();
      if (reading === undefined) return;
      this.active += 1;
      void this.work(reading).finally(() => {
        this.active -= 1;
        reading.end();
        this.next();
      });
    }
  }

  private async work(reading: Reading): Promise<void> {
    const { recipe } = reading;
    let again = false;
    do {
      if (reading.dropped) return;
      reading.started = true;
      const overview = await this.read(recipe);
      // Read anew by others in between, or gone: not ours to show.
      if (this.readings.get(recipe) !== reading) return;
      const shown = !reading.overtaken || again;
      again = reading.overtaken;
      reading.overtaken = false;
      if (shown) this.set(recipe, overview);
    } while (again);
    this.readings.delete(recipe);
  }
}

class Reading {
  started = false;
  overtaken = false;
  dropped = false;
  readonly done: Promise<void>;
  end!: () => void;

  constructor(readonly recipe: string) {
    this.done = new Promise((resolve) => {
      this.end = resolve;
    });
  }
}
