import { datasetLanguage, looksLikeDataset } from '../core/dataset/service';
import type { LanguageService } from '../core/language/service';
import { mudLanguage } from '../core/mud/service';
import { recipeLanguage } from '../core/recipe/service';

/**
 * The language of a document. YAML is looked at first: only a dataset is ours, all other YAML gets nothing at all
 * (spec decisions.md 5, "language ids").
 *
 * @param path as in `LanguageDocument`
 */
export function serviceFor(languageId: string, text: string, path: string): LanguageService | null {
  switch (languageId) {
    case 'maixcam-mud':
      return mudLanguage;
    case 'maixcam-recipe':
      return recipeLanguage;
    case 'yaml':
      return looksLikeDataset(text, path) ? datasetLanguage : null;
    default:
      return null;
  }
}
