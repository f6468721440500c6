import assert from 'node:assert/strict';
import { remedyFor, shownMessage } from '../../client/src/ui/remedies';
import { useEditor } from '../support/vscode-stub/editor';
import { Uri } from '../support/vscode-stub/values';

/** Ways of the terminal program that no message of the editor may name. */
const TERMINAL = /maixcam (?:env|run|new|mud|cut|outputs)|--[a-z]|MAIXCAM_/;

describe('ways out of a failure', () => {
  const editor = useEditor();
  const recipe = Uri.file('/w/shapes.maixcam.yaml');
  const terminal = {
    message: 'It failed.',
    hint: 'Run "maixcam env create train" or add --outputs, or set MAIXCAM_X.',
  };

  for (const [code, id] of [
    ['ENV_MISSING', 'maixcam.createEnvironment'],
    ['ENV_BROKEN', 'maixcam.createEnvironment'],
    ['CONVERT_ENVIRONMENT', 'maixcam.createEnvironment'],
    ['CONVERT_GLIBC', 'maixcam.createEnvironment'],
    ['ENV_BROUGHT_MISSING', 'workbench.action.openSettings'],
    ['ENV_DISK_SPACE', 'workbench.action.openSettings'],
    ['RECIPE_BUSY', 'maixcam.cancel'],
    ['RECIPE_INVALID', 'vscode.open'],
    ['HOST_KEY_CHANGED', 'maixcam.pushToBoard'],
    ['HEAD_UNKNOWN', 'maixcam.chooseOutputs'],
    ['BOARD_CANNOT_DECODE', 'maixcam.chooseOutputs'],
    ['PUSH_NOT_BUILT', 'maixcam.runPipeline'],
    ['RECIPE_NOT_FOUND', null],
    ['BOARD_AUTH_FAILED', null],
  ] as const) {
    it(`${code}: ${id ?? 'a sentence'}, in words of the editor`, async () => {
      const { hint, action } = remedyFor({ code, ...terminal }, recipe);
      assert.doesNotMatch(hint, TERMINAL);
      assert.ok(hint.endsWith('.'));
      await action?.run();
      assert.deepEqual(
        editor().called.map(([called]) => called),
        id === null ? [] : [id],
      );
    });
  }

  it('a message names the setting that the variable comes from', () => {
    const error = { code: 'ENV_BROUGHT_MISSING', message: 'MAIXCAM_TRAIN_PYTHON names /x.', hint: '' };
    assert.equal(shownMessage(error, recipe), error.message, 'it was set outside the editor');
    editor().settings.set('maixcam.python.train', '/x');
    assert.equal(shownMessage(error, recipe), 'maixcam.python.train names /x.');
  });

  it('a MUD that the board refuses is opened; of a recipe the hint stays', () => {
    const error = { code: 'MUD_INVALID', message: 'It would not load.', hint: 'Correct it.' };
    assert.equal(remedyFor(error, Uri.file('/w/shapes.mud')).action?.title, 'Open File');
    assert.deepEqual(remedyFor(error, recipe), { hint: 'Correct it.', action: null });
  });

  it('an error without a way of its own keeps its hint', () => {
    const error = { code: 'DISK_FULL', message: 'No space.', hint: 'Free some.' };
    assert.deepEqual(remedyFor(error, recipe), { hint: 'Free some.', action: null });
  });
});
