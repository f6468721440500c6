import { datasetLanguage, looksLikeDataset } from '../core/dataset/service';
import type { LanguageId, LanguageService } from '../core/language/service';
import { mudLanguage } from '../core/mud/service';
import { recipeLanguage } from '../core/recipe/service';

/**
 * Longer texts are not looked at: they would keep the server busy for seconds at each change. A dataset may name the
 * 21,841 classes of ImageNet; recipes and MUD files are written by hand.
 */
const MAX_CHARACTERS: Readonly<Record<LanguageId, number>> = {
  mud: 128 * 1024,
  recipe: 128 * 1024,
  dataset: 1024 * 1024,
};

/** Whether a text is too long to be helped with. */
export function isTooLong(service: LanguageService, text: string): boolean {
  return text.length > MAX_CHARACTERS[service.id];
}

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
