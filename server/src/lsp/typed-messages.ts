import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import { ErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { ClientRequests, ServerNotifications } from '../protocol/methods';

/** Sends a notification of the protocol. */
export function notify<M extends keyof ServerNotifications>(
  connection: Connection,
  method: M,
  params: ServerNotifications[M],
): void {
  void connection.sendNotification(method, params);
}

/** Answers a request of the protocol; params of another shape are refused before `handle` sees them. */
export function onClientRequest<M extends keyof ClientRequests>(
  connection: Connection,
  method: M,
  parse: (value: unknown) => ClientRequests[M]['params'] | null,
  handle: (params: ClientRequests[M]['params'], token: CancellationToken) => Promise<ClientRequests[M]['result']>,
): void {
  connection.onRequest(method, async (value: unknown, token: CancellationToken) => {
    const params = parse(value);
    if (params === null) return new ResponseError(ErrorCodes.InvalidParams, `${method}: the parameters are wrong.`);
    return handle(params, token);
  });
}
