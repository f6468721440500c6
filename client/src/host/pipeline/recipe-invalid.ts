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
    file: string,
    recipe: string,
    readonly problems: readonly Problem[],
  ) {
    const inWords = problems.map(({ range, message }) => `  line ${range.start.line + 1}: ${message}`);
    const located = problems.map(
      ({ code, message, range }) =>
        `${file}:${range.start.line + 1}:${range.start.character + 1}: error: ${message.replace(/\s*\n\s*/g, ' ')} [${code}]`,
    );
    super({
      code: 'RECIPE_INVALID',
      message: [headline(recipe, problems), ...shortened(inWords)].join('\n'),
      located: [headline(recipe, problems), ...shortened(located)].join('\n'),
      hint: 'Correct the recipe and run the command again.',
    });
  }
}

function headline(name: string, problems: readonly Problem[]): string {
  return `The recipe ${name} has ${problems.length === 1 ? 'an error' : `${problems.length} errors`}:`;
}

function shortened(lines: readonly string[]): readonly string[] {
  const more = lines.length - SHOWN_ERRORS;
  return more > 0 ? [...lines.slice(0, SHOWN_ERRORS), `  and ${more} more.`] : lines;
}
