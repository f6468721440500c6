// The peer of the language bench: a language server that does the same job for JSON with the usual parts and nothing
// else. Validates each document that is opened against a schema and publishes what it finds.
import { getLanguageService, TextDocument } from 'vscode-json-languageservice';
// eslint-disable-next-line no-restricted-imports -- a language server, though not ours
import { createConnection, ProposedFeatures, TextDocuments } from 'vscode-languageserver/node';

const SCHEMA_URI = 'bench://schema.json';

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
const service = getLanguageService({});
service.configure({
  validate: true,
  schemas: [
    {
      uri: SCHEMA_URI,
      fileMatch: ['*'],
      schema: { type: 'object', additionalProperties: { type: ['string', 'number', 'array'] } },
    },
  ],
});

connection.onInitialize(() => ({ capabilities: { textDocumentSync: 1 } }));
documents.onDidOpen(({ document }) => {
  void service
    .doValidation(document, service.parseJSONDocument(document))
    .then((diagnostics) => connection.sendDiagnostics({ uri: document.uri, version: document.version, diagnostics }));
});
documents.listen(connection);
connection.listen();
