import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { DEFAULT_SETTINGS, parseSettings } from '../../server/src/lsp/settings';
import { PROTOCOL_VERSION } from '../../server/src/protocol/methods';

const METHODS = readFileSync('server/src/protocol/methods.ts', 'utf8');
const PAGE = readFileSync('server/PROTOCOL.md', 'utf8');

/** Rows of the page's table: method, sender, kind. */
const rows = [...PAGE.matchAll(/^\| `(maixcam\/\w+)`\s*\| (\w+)\s*\| (\w+)\s*\| `(\w+)`\s*\| (?:`(\w+)`|–)/gm)].map(
  ([, method, from, kind, params, result]) => [method, from, kind, params, result ?? null],
);

/** Members of an interface of methods.ts whose names are methods. */
function members(name: string): string[] {
  const body = new RegExp(`interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(METHODS)?.[1] ?? '';
  return body.split('\n').filter((line) => line.includes("'maixcam/"));
}

describe('protocol', () => {
  it('the table in PROTOCOL.md is that of methods.ts', () => {
    const requests = members('ClientRequests').map((line) => {
      const [, method, params, result] =
        /'(.+?)': \{ readonly params: (\w+); readonly result: (\w+) \}/.exec(line) ?? [];
      return [method, 'client', 'request', params, result];
    });
    const notifications = members('ServerNotifications').map((line) => {
      const [, method, params] = /'(.+?)': (\w+);/.exec(line) ?? [];
      return [method, 'server', 'notification', params, null];
    });
    assert.ok(requests.length > 0 && notifications.length > 0);
    assert.deepEqual(rows, [...requests, ...notifications]);
  });

  it('the page names the version', () => {
    assert.ok(PAGE.includes(`Version: **${PROTOCOL_VERSION}**`));
    assert.ok(PAGE.includes(`{ "protocol": ${PROTOCOL_VERSION} }`));
  });

  it('defaults of the settings are those of the manifest', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
      contributes: { configuration: { properties: Record<string, { default: unknown }> } };
    };
    const { properties } = manifest.contributes.configuration;
    assert.equal(properties['maixcam.codeLens.enabled']?.default, DEFAULT_SETTINGS.codeLens.enabled);
    assert.deepEqual(parseSettings(null), DEFAULT_SETTINGS);
    assert.deepEqual(parseSettings({ codeLens: { enabled: 'yes' } }), DEFAULT_SETTINGS);
    assert.equal(parseSettings({ codeLens: { enabled: false } }).codeLens.enabled, false);
  });
});
