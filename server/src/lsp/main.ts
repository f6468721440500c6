import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './server';

/** How long a refused client has to read why. */
const REFUSED_MS = 200;

const connection = createConnection(ProposedFeatures.all);

// A defect in one message must not end the help for all documents.
process.on('uncaughtException', (thrown) => connection.console.error(thrown.stack ?? thrown.message));
process.on('unhandledRejection', (thrown) =>
  connection.console.error(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)),
);
// Started by an editor over IPC: when the editor is gone, so is the channel.
process.on('disconnect', () => process.exit(0));

startServer(connection, { refused: () => setTimeout(() => process.exit(1), REFUSED_MS) });
