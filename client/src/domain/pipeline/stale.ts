import type { StepName } from './steps';

/** Why a published result is out of date, or why a step runs that has none. */
export type StaleReason =
  | { readonly kind: 'never-made' }
  /** The part of the recipe that the step reads. */
  | { readonly kind: 'recipe' }
  | { readonly kind: 'environment-gone' }
  | { readonly kind: 'tool-version' }
  /** The step calls its programs with other arguments. */
  | { readonly kind: 'command-lines' }
  /** Something that it was made from is no input any more. */
  | { readonly kind: 'inputs' }
  /** A file or folder that a person gives; `name` without its folder. */
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'step-remade'; readonly step: StepName }
  /** An earlier step is out of date itself. */
  | { readonly kind: 'step-stale'; readonly step: StepName }
  /** A file of the result, relative to its folder. */
  | { readonly kind: 'output-gone'; readonly name: string }
  | { readonly kind: 'output-changed'; readonly name: string }
  /** The push compares with what the board has, each time. */
  | { readonly kind: 'board' };

/** A reason as logs and the terminal program say it. */
export function reasonText(reason: StaleReason): string {
  switch (reason.kind) {
    case 'never-made':
      return 'not made yet';
    case 'recipe':
      return 'the recipe changed';
    case 'environment-gone':
      return 'its environment is gone';
    case 'tool-version':
      return 'another version of the tool is installed';
    case 'command-lines':
      return 'the tool is called in another way';
    case 'inputs':
      return 'its inputs changed';
    case 'input':
      return `${reason.name} changed`;
    case 'step-remade':
      return `${reason.step} was made again`;
    case 'step-stale':
      return `depends on ${reason.step}`;
    case 'output-gone':
      return `${reason.name} is gone`;
    case 'output-changed':
      return `${reason.name} was changed by hand`;
    case 'board':
      return 'the board is looked at each time';
  }
}
