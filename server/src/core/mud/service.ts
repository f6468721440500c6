import type { LanguageService } from '../language/service';
import { completeMud } from './features/complete';
import { hoverMud } from './features/hover';
import { lensesOfMud, symbolsOfMud } from './features/outline';
import { validateMudFile } from './file-problems';
import { validateMud } from './validate';

/** The language of MUD files, as the boards read them (spec mud.md). */
export const mudLanguage: LanguageService = {
  id: 'mud',
  validate: validateMud,
  validateFile: validateMudFile,
  complete: completeMud,
  hover: hoverMud,
  symbols: symbolsOfMud,
  lenses: lensesOfMud,
};
