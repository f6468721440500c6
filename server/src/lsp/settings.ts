import type { Connection } from 'vscode-languageserver/node';
import { isRecord } from '../protocol/parse';

/** Settings of this server, per resource. Defaults are those of the manifest; a test compares them. */
export interface Settings {
  readonly codeLens: { readonly enabled: boolean };
}

export const DEFAULT_SETTINGS: Settings = { codeLens: { enabled: true } };

/** Section of the manifest's settings. */
export const SECTION = 'maixcam';

/** Settings from whatever the client answered. */
export function parseSettings(value: unknown): Settings {
  const codeLens = field(value, 'codeLens');
  const enabled = field(codeLens, 'enabled');
  return { codeLens: { enabled: typeof enabled === 'boolean' ? enabled : DEFAULT_SETTINGS.codeLens.enabled } };
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

/** Settings pulled by resource and kept until the client says that they changed. */
export class SettingsCache {
  private readonly known = new Map<string, Promise<Settings>>();

  /** @param supported whether the client answers `workspace/configuration` */
  constructor(
    private readonly connection: Connection,
    private readonly supported: () => boolean,
  ) {}

  of(uri: string): Promise<Settings> {
    if (!this.supported()) return Promise.resolve(DEFAULT_SETTINGS);
    const known = this.known.get(uri);
    if (known !== undefined) return known;
    const asked = this.connection.workspace
      .getConfiguration({ scopeUri: uri, section: SECTION })
      .then(parseSettings, () => DEFAULT_SETTINGS);
    this.known.set(uri, asked);
    return asked;
  }

  forget(uri: string): void {
    this.known.delete(uri);
  }

  forgetAll(): void {
    this.known.clear();
  }
}
