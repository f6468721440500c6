/**
 * The contract between the extension and its language server, beside what LSP has itself. Names and plain types only
 * (spec architecture.md 3.4); described for readers in server/PROTOCOL.md, which a test compares with this file.
 */

/** Raised when a message changes its meaning. Sent in `initializationOptions`; the server refuses another one. */
export const PROTOCOL_VERSION = 1;

export interface InitializationOptions {
  readonly protocol: number;
}

/** Mends what only the bytes on disk show; the answer says what was done. Refused while the editor has unsaved changes. */
export interface FixFileParams {
  readonly uri: string;
  readonly code: string;
  /** Of the fix: one code may have several. */
  readonly title: string;
}

export interface FixFileResult {
  readonly changed: boolean;
  /** Why nothing was changed; null after a change. */
  readonly reason: string | null;
}

/** State of the server for the language status item. */
export interface StatusParams {
  readonly state: 'ready' | 'busy';
  /** Documents that are checked now. */
  readonly documents: number;
}

/** Client → server requests: method → params and result. */
export interface ClientRequests {
  'maixcam/fixFile': { readonly params: FixFileParams; readonly result: FixFileResult };
}

/** Server → client notifications: method → params. */
export interface ServerNotifications {
  'maixcam/status': StatusParams;
}
