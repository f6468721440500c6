import text from '../../../../schemas/recipe.schema.json';
import type { SchemaNode } from '../schema/schema-node';

/** The recipe's schema: the source of its keys, types, ranges, defaults and their descriptions. */
export const recipeSchema: SchemaNode = text;
