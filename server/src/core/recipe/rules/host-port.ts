import { splitHost } from '../host';
import { problemAt, type RecipeRule } from './rule';

/** RECIPE022: TCP ports go from 1 to 65535. */
export const hostPort: RecipeRule = {
  code: 'RECIPE022',
  check(context) {
    const place = context.written(['deploy', 'host']);
    if (place?.node.type !== 'string') return [];
    const { port } = splitHost(place.node.value);
    if (port >= 1 && port <= 65535) return [];
    const message = `There is no port ${port}: ports go from 1 to 65535. Write the SSH port of the board, or leave it out for 22.`;
    return [problemAt(context, 'RECIPE022', place, message)];
  },
};
