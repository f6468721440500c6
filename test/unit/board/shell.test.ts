import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseCommandLine, ShellSyntaxError } from '../../../client/src/host/board/embedded/shell/words';
import { quoteCommand } from '../../../client/src/host/board/quote';

const words = (line: string): (readonly string[])[] => parseCommandLine(line).map((step) => step.command.words);

describe('command lines of a board', () => {
  it('arrive as the arguments that were quoted, whatever these contain', () => {
    const argument = fc
      .string({ unit: 'grapheme', minLength: 0, maxLength: 12 })
      .filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(argument, { minLength: 1, maxLength: 5 }), (args) => {
        assert.deepEqual(words(quoteCommand(args)), [args]);
      }),
      { numRuns: 500 },
    );
  });

  it('are split like in a POSIX shell', () => {
    assert.deepEqual(words(`a 'b c' "d 'e' \\" f" g\\ h '' # rest`), [['a', 'b c', `d 'e' " f`, 'g h', '']]);
    assert.deepEqual(words('echo $HOME ${NONE}x'), [['echo', 'x']]);
    assert.deepEqual(
      parseCommandLine('a && b || c; d\ne').map((step) => step.when),
      ['always', 'success', 'failure', 'always', 'always'],
    );
    const [step] = parseCommandLine('tool >out 2>&1 >>log');
    assert.deepEqual(step?.command, {
      words: ['tool'],
      redirects: [
        { stream: 'out', target: { file: 'out', append: false } },
        { stream: 'err', target: 'out' },
        { stream: 'out', target: { file: 'log', append: true } },
      ],
    });
  });

  for (const line of ['a | b', 'a &', '(a)', 'a < b', '&& a', 'a &&', "a 'b", 'a >']) {
    it(`refuses ${line}`, () => assert.throws(() => parseCommandLine(line), ShellSyntaxError));
  }
});
