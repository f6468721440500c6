/** Ends a wait for another side; what a person does meanwhile does not count. */
export interface Patience {
  /** The time stands still until `work` has settled, and then begins anew. */
  pauseFor<T>(work: Promise<T>): Promise<T>;
  stop(): void;
}

/** Calls `onEnd` after that many milliseconds, unless it is stopped before. */
export function startPatience(milliseconds: number, onEnd: () => void): Patience {
  let stopped = false;
  let timer = setTimeout(onEnd, milliseconds);
  return {
    async pauseFor(work) {
      clearTimeout(timer);
      try {
        return await work;
      } finally {
        if (!stopped) timer = setTimeout(onEnd, milliseconds);
      }
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
