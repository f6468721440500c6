/**
 * Version of what this program itself computes in a step (choice of outputs, cut, MUD, comparison). Raised when a
 * result of these steps changes, so that older results count as out of date.
 */
export const OWN_VERSION = '1';
