/**
 * What the extension uses of the host layer, in one place: it is a bundle of its own that the extension loads at the
 * first need, so that activation waits for none of it (CONTRIBUTING.md, "bundles").
 */
export { openRecipe } from './pipeline/open-recipe';
