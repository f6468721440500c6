import assert from 'node:assert/strict';
import { progressWriter, type ProgressStyle } from '../../../client/src/cli/progress';
import { terminalJson, terminalLine, terminalText } from '../../../client/src/cli/terminal-text';

const everyControl = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join('');
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

describe('text for a terminal', () => {
  it('shows control characters instead of sending them', () => {
    assert.equal(terminalText('a\u001b[2Jb\u009b31m\u007f\r\0'), 'a\\x1b[2Jb\\x9b31m\\x7f\\x0d\\x00');
    assert.doesNotMatch(terminalText(everyControl), OBEYED);
    assert.doesNotMatch(terminalLine(everyControl), /[\n\t]/);
  });

  it('leaves everything else as it is', () => {
    const text = 'tab\there\nnächste Zeile 图 😀 \u00a0 \\x1b';
    assert.equal(terminalText(text), text);
  });

  it('in JSON stays the same value', () => {
    const value = { [everyControl]: [everyControl, 1, null, { a: '图\u009b' }] };
    assert.doesNotMatch(terminalJson(value, 2), OBEYED);
    assert.deepEqual(JSON.parse(terminalJson(value, 2)), value);
    assert.deepEqual(JSON.parse(terminalJson(value)), value);
  });
});

describe('progress on stderr', () => {
  function written(style: ProgressStyle, message: string): string {
    let text = '';
    const write = (piece: string): boolean => {
      text += piece;
      return true;
    };
    const writer = progressWriter(style, { write, columns: 80 });
    writer.report({ step: 'convert', fraction: 0.5, message, stage: message });
    writer.end();
    return text;
  }

  it('sends no control sequence but its own', () => {
    const hostile = 'layer \u001b]0;title\u0007\n\u009b2J';
    const shown = 'layer \\x1b]0;title\\x07 \\x9b2J';
    assert.equal(written('plain', hostile), `convert: ${shown} 50%\n`);
    assert.equal(written('bar', hostile), `\r\u001b[Kconvert: ${'█'.repeat(12)}${'░'.repeat(12)} ${shown}\r\u001b[K`);
    assert.equal((JSON.parse(written('json', hostile)) as { message: string }).message, hostile);
    assert.doesNotMatch(written('json', hostile), /[\u007f-\u009f]/);
  });
});
