import { AppError } from '../../../../server/src/core/problems/app-error';
import type { Problem } from '../../../../server/src/core/problems/problem';

/** More would push the first ones, which often cause the others, off the screen. */
const SHOWN_ERRORS = 10;

/** A recipe that has errors: `RECIPE_INVALID`, with where they are. */
export class RecipeInvalid extends AppError {
  /**
   * @param file the recipe's path as it was given
   * @param recipe its name without the folder
   * @param problems its errors, at least one
   */
  constructor(
    private readonly file: string,
    private readonly recipe: string,
    readonly problems: readonly Problem[],
  ) {
    const lines = shortened(problems.map(({ range, message }) => `line ${range.start.line + 1}: ${message}`));
    super({
      code: 'RECIPE_INVALID',
      message: `${headline(recipe, problems)}\n  ${lines.join('\n  ')}`,
      hint: 'Correct the recipe and run the command again.',
    });
  }

  /**
   * The same message for a terminal, each error in the form that editors and problem matchers understand:
   * `shapes.maixcam.yaml:4:1: error: … [RECIPE003]`, line and column from 1.
   */
  get located(): string {
    const lines = this.problems.map(
      ({ code, message, range }) =>
        `${this.file}:${range.start.line + 1}:${range.start.character + 1}: error: ${message.replace(/\s*\n\s*/g, ' ')} [${code}]`,
    );
    return [headline(this.recipe, this.problems), ...shortened(lines)].join('\n');
  }
}

function headline(name: string, problems: readonly Problem[]): string {
  return `The recipe ${name} has ${problems.length === 1 ? 'an error' : `${problems.length} errors`}:`;
}

function shortened(lines: readonly string[]): readonly string[] {
  const more = lines.length - SHOWN_ERRORS;
  return more > 0 ? [...lines.slice(0, SHOWN_ERRORS), `and ${more} more.`] : lines;
}
