import type { LanguageService } from '../core/language/service';
import { readRecipe } from '../core/recipe/read';

export const recipeLanguage: LanguageService = {
  id: 'recipe',
  validate: (document) => readRecipe(document.text, document.path).problems,
  validateFile: () => [],
  complete: () => [],
  hover: () => null,
  symbols: () => [],
  lenses: () => [],
};
