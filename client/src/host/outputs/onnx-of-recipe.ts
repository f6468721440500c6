import { access } from 'node:fs/promises';
import { openRecipe } from '../pipeline/open-recipe';
import type { RecipeBoard } from '../../../../server/src/core/recipe/model';
import { onnxPath } from '../steps/outputs';

/** The ONNX model of a recipe, and what was decided about its outputs. */
export interface RecipeOnnx {
  /** Absolute path: the file that the recipe names, or what its training has exported. */
  readonly file: string;
  /** False before the export. */
  readonly exists: boolean;
  readonly board: RecipeBoard;
  readonly outputs: 'auto' | readonly string[];
}

/** @throws AppError those of `openRecipe` */
export async function onnxOfRecipe(recipeFile: string): Promise<RecipeOnnx> {
  const { recipe, paths } = await openRecipe(recipeFile);
  const file = onnxPath({ recipe, paths });
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  return { file, exists, board: recipe.board, outputs: recipe.outputs };
}
