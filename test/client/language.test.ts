import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CrashLimit } from '../../client/src/ui/language/crash-limit';
import { DocumentFilter } from '../../client/src/ui/language/middleware';
import { RestartQueue } from '../../client/src/ui/language/restart-queue';
import { qualifies } from '../../client/src/ui/language/served-documents';
import { StatusItem } from '../../client/src/ui/language/status-item';
import { TraceChannel } from '../../client/src/ui/language/trace-channel';
import { until } from '../support/until';
import { StubDocument } from '../support/vscode-stub/documents';
import { useEditor } from '../support/vscode-stub/editor';
import { Range, Uri } from '../support/vscode-stub/values';

const DATASET = 'path: .\ntrain: images/train\nval: images/val\nnames: [circle, square]\n';
const OTHER_YAML = 'services:\n  web:\n    image: nginx\n';

function document(name: string, text: string, languageId?: string): StubDocument {
  return new StubDocument(name.includes(':') ? Uri.parse(name) : Uri.file(name), text, languageId);
}

describe('restarts of the language server', () => {
  /** Work that a test ends; how many are under way. */
  function useWork(): {
    readonly queue: RestartQueue;
    readonly begun: () => number;
    readonly most: () => number;
    readonly end: (error?: Error) => void;
  } {
    let begun = 0;
    let running = 0;
    let most = 0;
    const ends: ((error?: Error) => void)[] = [];
    const queue = new RestartQueue(async () => {
      begun += 1;
      running += 1;
      most = Math.max(most, running);
      try {
        await new Promise<void>((resolve, reject) => {
          ends.push((error) => (error === undefined ? resolve() : reject(error)));
        });
      } finally {
        running -= 1;
      }
    });
    return { queue, begun: () => begun, most: () => most, end: (error) => ends.shift()?.(error) };
  }

  it('ten in a row are two, one after the other', async () => {
    const { queue, begun, most, end } = useWork();
    const all = Array.from({ length: 10 }, () => queue.request());
    assert.equal(begun(), 1, 'the second waits');
    end();
    await all[0];
    await until('the second restart', () => begun() === 2);
    end();
    await Promise.all(all);
    assert.equal(begun(), 2);
    assert.equal(most(), 1);
  });

  it('who asks while one goes on gets one that began after the question', async () => {
    const { queue, begun, end } = useWork();
    const first = queue.request();
    const second = queue.request();
    end();
    await first;
    let done = false;
    const told = second.then(() => {
      done = true;
    });
    await until('the second restart', () => begun() === 2);
    assert.ok(!done);
    end();
    await told;
    const third = queue.request();
    assert.equal(begun(), 3);
    end();
    await third;
  });

  it('a failure is told to who asked for that restart, and the next one runs', async () => {
    const { queue, begun, end } = useWork();
    const first = queue.request();
    const second = queue.request();
    end(new Error('no memory'));
    await assert.rejects(first, /no memory/);
    await until('the second restart', () => begun() === 2);
    end(new Error('still none'));
    await assert.rejects(second, /still none/);
    const third = queue.request();
    end();
    await third;
    assert.equal(begun(), 3);
  });

  it('work that fails before it waits does not block the next', async () => {
    let calls = 0;
    const queue = new RestartQueue(() => {
      calls += 1;
      if (calls === 1) throw new Error('at once');
      return Promise.resolve();
    });
    await assert.rejects(async () => await queue.request(), /at once/);
    await queue.request();
    assert.equal(calls, 2);
  });
});

describe('crashes of the language server', () => {
  const MINUTE = 60_000;

  it('four in three minutes are mended, the fifth is not', () => {
    let now = 0;
    const limit = new CrashLimit(4, 3 * MINUTE, () => now);
    const answers = [0, 1, 2, 3, 4].map((second) => {
      now = second * 1000;
      return limit.crashed();
    });
    assert.deepEqual(answers, [true, true, true, true, false]);
  });

  it('count for three minutes', () => {
    let now = 0;
    const limit = new CrashLimit(4, 3 * MINUTE, () => now);
    for (let minute = 0; minute < 60; minute += 1) {
      now = minute * MINUTE;
      assert.ok(limit.crashed(), `one a minute, after ${minute} minutes`);
    }
    now += 3 * MINUTE;
    for (let crash = 1; crash <= 4; crash += 1) assert.ok(limit.crashed());
    now += 3 * MINUTE - 1;
    assert.ok(!limit.crashed(), 'the four before are not yet three minutes old');
  });

  it('are forgotten when a person restarts the server', () => {
    const limit = new CrashLimit(1, 3 * MINUTE, () => 0);
    assert.ok(limit.crashed());
    assert.ok(!limit.crashed());
    limit.reset();
    assert.ok(limit.crashed());
  });
});

describe('documents of the language server', () => {
  useEditor();

  for (const [name, languageId, text] of [
    ['/w/m.mud', 'maixcam-mud', ''],
    ['/w/shapes.maixcam.yaml', 'maixcam-recipe', ''],
    ['/w/data.yaml', 'yaml', DATASET],
    ['/w/shapes.yml', 'yaml', DATASET],
    ['/w/windows.yaml', 'yaml', `\uFEFF${DATASET.replaceAll('\n', '\r\n')}`],
    ['untitled:Untitled-1', 'maixcam-mud', '[basic]\n'],
    ['untitled:Untitled-2', 'maixcam-recipe', ''],
    ['untitled:Untitled-3', 'yaml', DATASET],
  ] as const) {
    it(`${name} (${languageId}) is one`, () => assert.ok(qualifies(document(name, text, languageId))));
  }

  for (const [name, languageId, text] of [
    ['/w/docker-compose.yaml', 'yaml', OTHER_YAML],
    ['/w/empty.yaml', 'yaml', ''],
    ['/w/data.yaml', 'yaml', OTHER_YAML],
    ['/w/late.yaml', 'yaml', `${'# a line\n'.repeat(10_000)}${DATASET}`],
    ['/w/data.json', 'json', DATASET],
    ['/w/m.mud', 'plaintext', '[basic]\n'],
    ['untitled:Untitled-1', 'yaml', OTHER_YAML],
    ['git:/w/m.mud', 'maixcam-mud', '[basic]\n'],
    ['git:/w/data.yaml', 'yaml', DATASET],
    ['maixcam-preview:/w/shapes.maixcam.yaml', 'maixcam-recipe', ''],
  ] as const) {
    it(`${name} (${languageId}) is none`, () => assert.ok(!qualifies(document(name, text, languageId))));
  }
});

describe('filter before the language server', () => {
  useEditor();
  const filters: DocumentFilter[] = [];

  function useFilter(): { readonly filter: DocumentFilter; readonly opened: string[] } {
    const opened: string[] = [];
    const filter = new DocumentFilter(({ uri }) => {
      opened.push(uri.path);
      return Promise.resolve();
    });
    filters.push(filter);
    return { filter, opened };
  }
  afterEach(() => {
    for (const filter of filters.splice(0)) filter.dispose();
  });

  const { token } = new vscode.CancellationTokenSource();
  const START = new vscode.Position(0, 0);

  /** What the editor tells and asks about a document in its life; the names of what came through. */
  async function life(filter: DocumentFilter, doc: StubDocument): Promise<readonly string[]> {
    const through: string[] = [];
    const note =
      (name: string) =>
      (...args: readonly unknown[]): null => {
        assert.ok(args.length > 0);
        through.push(name);
        return null;
      };
    const told =
      (name: string) =>
      (...args: readonly unknown[]): Promise<void> => {
        note(name)(...args);
        return Promise.resolve();
      };
    const { middleware } = filter;
    const range = new vscode.Range(START, START);
    const context = { diagnostics: [], only: undefined, triggerKind: 1 } as unknown as vscode.CodeActionContext;
    const change = { document: doc, contentChanges: [], reason: undefined, detailedReason: undefined };
    await middleware.didOpen?.(doc, told('open'));
    await middleware.didChange?.(change, told('change'));
    await middleware.didSave?.(doc, told('save'));
    await middleware.provideDiagnostics?.(doc, undefined, token, note('diagnostics'));
    const completion = { triggerKind: 0, triggerCharacter: undefined };
    await middleware.provideCompletionItem?.(doc, START, completion, token, note('completion'));
    await middleware.provideHover?.(doc, START, token, note('hover'));
    await middleware.provideDocumentSymbols?.(doc, token, note('symbols'));
    await middleware.provideCodeActions?.(doc, range, context, token, note('actions'));
    await middleware.provideCodeLenses?.(doc, token, note('lenses'));
    await middleware.didClose?.(doc, told('close'));
    await middleware.provideHover?.(doc, START, token, note('hover after the close'));
    return through;
  }

  it('lets everything about a document of ours through, until it is closed', async () => {
    assert.deepEqual(await life(useFilter().filter, document('/w/data.yaml', DATASET)), [
      'open',
      'change',
      'save',
      'diagnostics',
      'completion',
      'hover',
      'symbols',
      'actions',
      'lenses',
      'close',
    ]);
  });

  it('lets nothing about another YAML or an older version through', async () => {
    const { filter } = useFilter();
    assert.deepEqual(await life(filter, document('/w/docker-compose.yaml', OTHER_YAML)), []);
    assert.deepEqual(await life(filter, document('git:/w/data.yaml', DATASET, 'yaml')), []);
  });

  it('opens a YAML that becomes a dataset while it is written, once, and no other', async () => {
    const { filter, opened } = useFilter();
    const other = document('/w/other.yaml', OTHER_YAML);
    const closed = document('/w/closed.yaml', DATASET);
    const dataset = document('/w/new.yaml', '');
    const sent: string[] = [];
    const next = (event: vscode.TextDocumentChangeEvent): Promise<void> => {
      sent.push(event.document.uri.path);
      return Promise.resolve();
    };
    const change = async (doc: StubDocument): Promise<void> => {
      const event = { document: doc, contentChanges: [], reason: undefined, detailedReason: undefined };
      await filter.middleware.didChange?.(event, next);
    };
    await filter.middleware.didOpen?.(dataset, () => Promise.reject(new Error('an empty YAML is none of ours')));
    await change(other);
    await change(closed);
    await filter.middleware.didClose?.(closed, () => Promise.reject(new Error('it was never opened')));
    await change(dataset);
    dataset.edit(new Range(0, 0, 0, 0), DATASET);
    await change(dataset);
    // All wait equally long: the others were looked at before.
    await until('the dataset to be opened', () => opened.length > 0);
    assert.deepEqual(opened, ['/w/new.yaml']);
    assert.deepEqual(sent, []);
    await change(dataset);
    assert.deepEqual(sent, ['/w/new.yaml']);
  });

  it('forgets what a server knew that is no more', async () => {
    const { filter } = useFilter();
    const dataset = document('/w/data.yaml', DATASET);
    const through: string[] = [];
    const note = (): Promise<void> => {
      through.push('told');
      return Promise.resolve();
    };
    await filter.middleware.didOpen?.(dataset, note);
    filter.reset();
    await filter.middleware.didSave?.(dataset, note);
    assert.equal(through.length, 1);
    await filter.middleware.didOpen?.(dataset, note);
    await filter.middleware.didSave?.(dataset, note);
    assert.equal(through.length, 3);
  });
});

describe('status of the language server', () => {
  const editor = useEditor();
  const made: StatusItem[] = [];

  function useStatus(): { readonly status: StatusItem; readonly item: vscode.LanguageStatusItem } {
    const status = new StatusItem();
    made.push(status);
    const item = editor().statusItems.at(-1);
    assert.ok(item);
    return { status, item };
  }
  afterEach(() => {
    for (const status of made.splice(0)) status.dispose();
  });

  it('says starting, ready and stopped, with what helps there', () => {
    const { status, item } = useStatus();
    assert.deepEqual(item.selector, [{ language: 'maixcam-mud' }, { language: 'maixcam-recipe' }]);
    const seen = (): unknown => [item.text, item.busy, item.severity, item.command?.title, item.command?.command];
    const { Information, Error } = vscode.LanguageStatusSeverity;
    assert.deepEqual(seen(), ['MaixCAM: starting', true, Information, 'Show Log', 'maixcam.showServerLog']);
    status.running({ state: 'ready' });
    assert.deepEqual(seen(), ['MaixCAM: ready', false, Information, 'Show Log', 'maixcam.showServerLog']);
    status.stopped('It did not start.');
    assert.deepEqual(seen(), ['MaixCAM: stopped', false, Error, 'Restart', 'maixcam.restartServer']);
    assert.equal(item.detail, 'It did not start.');
    status.starting();
    assert.deepEqual(seen(), ['MaixCAM: starting', true, Information, 'Show Log', 'maixcam.showServerLog']);
    assert.notEqual(item.detail, 'It did not start.');
  });

  it('shows work that goes on, and no work that has ended before', async () => {
    const short = useStatus();
    const long = useStatus();
    const stopped = useStatus();
    for (const { status } of [short, stopped, long]) {
      status.running({ state: 'ready' });
      status.running({ state: 'busy' });
    }
    short.status.running({ state: 'ready' });
    stopped.status.stopped('It ended.');
    await until('the mark of work', () => long.item.text === 'MaixCAM: checking');
    assert.ok(long.item.busy);
    assert.equal(short.item.text, 'MaixCAM: ready');
    assert.equal(stopped.item.text, 'MaixCAM: stopped');
    long.status.running({ state: 'ready' });
    assert.deepEqual([long.item.text, long.item.busy], ['MaixCAM: ready', false]);
  });
});

describe('trace of the language server', () => {
  const editor = useEditor();
  const made: TraceChannel[] = [];

  function useTrace(): TraceChannel {
    const trace = new TraceChannel();
    made.push(trace);
    return trace;
  }
  afterEach(() => {
    for (const trace of made.splice(0)) trace.dispose();
  });

  it('has a channel from its first message on', () => {
    const trace = useTrace();
    trace.clear();
    trace.hide();
    assert.deepEqual(editor().channels, []);
    trace.trace('Sending request');
    trace.error(new Error('broken'));
    assert.deepEqual(editor().channels, ['MaixCAM Server Trace']);
    assert.deepEqual(
      editor().log.map((line) => line.replace(/^.*\] /, '')),
      ['Sending request', 'broken'],
    );
  });

  it('follows the setting', () => {
    const trace = useTrace();
    const levels: vscode.LogLevel[] = [];
    trace.onDidChangeLogLevel((level) => levels.push(level));
    assert.equal(trace.logLevel, vscode.LogLevel.Off);
    editor().settings.set('maixcam.trace.server', 'verbose');
    editor().configurationChanges.fire({ affectsConfiguration: (section) => section === 'maixcam.trace.server' });
    editor().configurationChanges.fire({ affectsConfiguration: (section) => section === 'maixcam.python.train' });
    assert.deepEqual(levels, [vscode.LogLevel.Trace]);
    trace.dispose();
    assert.ok(!editor().configurationChanges.hasListeners);
  });
});
