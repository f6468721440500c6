import type { CommandBody } from './command';

/** *Restart Language Server*. */
export const restartServer: CommandBody = async ({ languageServer }) => {
  await languageServer.restart();
};
