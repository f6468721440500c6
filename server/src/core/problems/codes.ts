/**
 * Catalogue of problem codes (spec decisions.md 5): code → what it is about, in a few words. Codes are a public
 * contract: never renumbered, never reused.
 */
export const recipeCodes = {
  RECIPE001: 'The YAML cannot be read',
  RECIPE002: 'The file holds no recipe',
  RECIPE003: 'Unknown key',
  RECIPE004: 'Key written twice',
  RECIPE005: 'Required key is missing',
  RECIPE006: 'Wrong type of value',
  RECIPE007: 'Value is none of the choices',
  RECIPE008: 'Number out of range',
  RECIPE009: 'Value in the wrong form',
  RECIPE010: 'Wrong number of list items',
  RECIPE011: 'YAML alias in a recipe',
  RECIPE012: 'Side is not a multiple of 32',
  RECIPE013: 'Nothing to make the model from',
  RECIPE014: 'Both a finished ONNX and a training',
  RECIPE015: 'Model does not fit the task',
  RECIPE016: 'No calibration pictures',
  RECIPE017: 'Precision that the board does not have',
  RECIPE018: 'Training argument that the recipe sets itself',
  RECIPE019: 'Width override with trained weights',
  RECIPE020: 'Name written twice',
  RECIPE021: 'Folder on the board that leaves its place',
  RECIPE022: 'Port out of range',
  RECIPE023: 'Several devices to train on',
} as const;

export type RecipeCode = keyof typeof recipeCodes;
