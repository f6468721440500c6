import type { CommandBody } from './command';

/** *Show Log*: the extension's channel. */
export const showLog: CommandBody = ({ log }) => {
  log.show(true);
  return Promise.resolve();
};
