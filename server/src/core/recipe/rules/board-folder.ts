import { problemAt, replaceFix, type RecipeRule } from './rule';

/** RECIPE021: a folder with `..` ends up somewhere else than it seems to; the root of the board is no model folder. */
export const boardFolder: RecipeRule = {
  code: 'RECIPE021',
  check(context) {
    const place = context.written(['deploy', 'folder']);
    if (place?.node.type !== 'string') return [];
    const parts = place.node.value.split('/').filter((part) => part !== '' && part !== '.');
    if (parts.length > 0 && !parts.includes('..')) return [];
    const last = parts.at(-1);
    const better = `/root/models/${last === undefined || last === '..' ? 'shapes' : last}`;
    const message = `\`deploy.folder\` must be a folder of its own, written without \`..\`. Write for example ${better}.`;
    const fixes = [replaceFix(context, place, better, false)];
    return [problemAt(context, 'RECIPE021', place, message, { fixes })];
  },
};
