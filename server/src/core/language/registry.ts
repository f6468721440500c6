import { mudLanguage } from '../mud/service';
import { recipeLanguage } from '../recipe/service';
import { datasetLanguageAt, looksLikeDataset } from '../dataset/service';
import { BESIDE_THE_YAML } from '../dataset/read';
import type { TrainingPlace } from '../dataset/places';
import type { LanguageId, LanguageService } from './service';

const RECIPE = /\.maixcam\.ya?ml$/i;
const MUD = /\.mud$/i;
const YAML = /\.ya?ml$/i;

/** Which language a file is in, by its name and, for YAML, its content; null: none of the project's. */
export function languageIdFor(path: string, text: string): LanguageId | null {
  if (MUD.test(path)) return 'mud';
  if (RECIPE.test(path)) return 'recipe';
  return YAML.test(path) && looksLikeDataset(text, path) ? 'dataset' : null;
}

/**
 * The language of a document that the editor calls `languageId`; null: none of the project's. Of all YAML only datasets
 * are (spec decisions.md 5, "language ids").
 *
 * @param path as in `LanguageDocument`
 */
export function languageIdInEditor(languageId: string, path: string, text: string): LanguageId | null {
  switch (languageId) {
    case 'maixcam-mud':
      return 'mud';
    case 'maixcam-recipe':
      return 'recipe';
    case 'yaml':
      return looksLikeDataset(text, path) ? 'dataset' : null;
    default:
      return null;
  }
}

/** The language of a file for a training that starts at `place`; null: none of the project's. */
export function languageFor(
  path: string,
  text: string,
  place: TrainingPlace = BESIDE_THE_YAML,
): LanguageService | null {
  const id = languageIdFor(path, text);
  return id === null ? null : languageById(id, place);
}

/** The language of that id, for a training that starts at `place`. */
export function languageById(id: LanguageId, place: TrainingPlace = BESIDE_THE_YAML): LanguageService {
  switch (id) {
    case 'dataset':
      return datasetLanguageAt(place);
    case 'recipe':
      return recipeLanguage;
    case 'mud':
      return mudLanguage;
  }
}
