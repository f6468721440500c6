import path from 'node:path';
import { recipeName } from '../../../../server/src/core/recipe/model';
import type { StepName } from '../../domain/pipeline/steps';

/** Where everything about one recipe lies (spec decisions.md 2). All absolute. */
export class RecipePaths {
  /** `shapes` for `shapes.maixcam.yaml`. */
  readonly name: string;
  /** The folder of the recipe: relative paths in it start here, and tools run here. */
  readonly folder: string;
  /** `.maixcam/<name>` beside the recipe. */
  readonly results: string;

  constructor(readonly recipe: string) {
    this.name = recipeName(recipe);
    this.folder = path.dirname(recipe);
    this.results = path.join(this.folder, '.maixcam', this.name);
  }

  /** Published result of a step. */
  step(step: StepName): string {
    return path.join(this.results, step);
  }

  /** Stamp of a step, published with its result. */
  stamp(step: StepName): string {
    return path.join(this.step(step), 'stamp.json');
  }

  get lock(): string {
    return path.join(this.results, 'run.lock');
  }

  get jobs(): string {
    return path.join(this.results, 'jobs');
  }

  /** A path of the recipe, absolute. */
  resolve(inRecipe: string): string {
    return path.resolve(this.folder, inRecipe);
  }
}
