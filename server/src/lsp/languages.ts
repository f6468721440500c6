import { languageById, languageIdInEditor } from '../core/language/registry';
import type { LanguageId, LanguageService } from '../core/language/service';

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

/** What helps with a document, by the editor's id of its language; null for documents of no language of ours. */
export function serviceFor(languageId: string, text: string, path: string): LanguageService | null {
  const id = languageIdInEditor(languageId, path, text);
  return id === null ? null : languageById(id);
}
