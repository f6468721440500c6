import { problemAt, type RecipeRule } from './rule';

/** RECIPE020: the same tensor twice makes the cut fail; the same label twice makes two classes look alike. */
export const repeatedNames: RecipeRule = {
  code: 'RECIPE020',
  check(context) {
    return (['outputs', 'labels'] as const).flatMap((key) => {
      const list = context.written([key]);
      if (list?.node.type !== 'array') return [];
      const seen = new Set<unknown>();
      return list.node.items.flatMap((item, index) => {
        if (!seen.has(item.value)) {
          seen.add(item.value);
          return [];
        }
        const message =
          key === 'outputs'
            ? `The tensor \`${String(item.value)}\` is listed twice. Remove one.`
            : `The label \`${String(item.value)}\` is listed twice: two classes would look alike on the board. Rename or remove one.`;
        const severity = key === 'outputs' ? 'error' : 'warning';
        return [problemAt(context, 'RECIPE020', context.written([key, index]), message, { severity })];
      });
    });
  },
};
