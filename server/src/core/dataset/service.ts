import { CodeLens } from 'vscode-languageserver-types';
import type { LanguageService } from '../language/service';
import { datasetCompletions } from './features/complete';
import { datasetHover } from './features/hover';
import { datasetSymbols } from './features/symbols';
import { datasetFileProblems } from './file-problems';
import { BESIDE_THE_YAML, checkDataset, readDataset } from './read';
import type { TrainingPlace } from './places';

export { looksLikeDataset } from './looks-like';

/** The dataset language for a training that starts at `place`, on which relative paths depend. */
export function datasetLanguageAt(place: TrainingPlace): LanguageService {
  return {
    id: 'dataset',
    validate: (document) => checkDataset(document, place).problems,
    validateFile: datasetFileProblems,
    complete: (document, at) => datasetCompletions(document, at, place),
    hover: (document, at) => {
      const context = readDataset(document, place);
      return context === null ? null : datasetHover(context, at);
    },
    symbols: (document) => {
      const context = readDataset(document, place);
      return context === null ? [] : datasetSymbols(context);
    },
    lenses: (document) => {
      const context = readDataset(document, place);
      const first = context?.top.entries.find((entry) => entry.own);
      if (context === null || first === undefined) return [];
      const range = context.lines.range(first.key.start, first.key.end);
      return [CodeLens.create(range)].map((lens) => ({
        ...lens,
        command: { title: 'New Model from This Dataset…', command: 'maixcam.newModel' },
      }));
    },
  };
}

/** The dataset language for a training that starts in the folder of the YAML. */
export const datasetLanguage: LanguageService = datasetLanguageAt(BESIDE_THE_YAML);
