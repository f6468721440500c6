/** The port of SSH where none is written. */
const SSH_PORT = 22;

/** Splits `HOST[:PORT]`; an IPv6 address with a port stands in brackets. The port is not checked. */
export function splitHost(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text);
  if (match === null) return { host: text, port: SSH_PORT };
  return { host: match[1] ?? match[2] ?? text, port: match[3] === undefined ? SSH_PORT : Number(match[3]) };
}
