import assert from 'node:assert/strict';
import { useEditor } from '../support/e2e-suite';

const MUD = '[basic]\ntype = cvimodel\nmodel = "one.cvimodel"\n';
const RECIPE = 'board: maixcam\ntask: detect\nonnx: one.onnx\n';

/** What runs a tool or a model, or contacts a board. */
const RUNNING = ['Run Pipeline', 'Run Step…', 'Convert…', 'Push to Board…', 'Create/Repair Environment…'];

describe('a window that is not trusted', function () {
  this.timeout(240_000);
  const suite = useEditor({ 'one.mud': MUD, 'one.maixcam.yaml': RECIPE, 'one.onnx': '' }, { restricted: true });

  it('is restricted', async () => {
    await suite.window.page.locator('#status\\.workspaceTrust').waitFor();
  });

  it('has editing help', async () => {
    const { window } = suite;
    await window.openFile(suite.file('one.mud'));
    await (await window.problems('MUD015')).filter({ hasText: 'MUD015' }).first().waitFor();
    await window.focusEditor();
    await window.goTo(3, 10);
    await window.quickFix('Remove the quotes');
    await window.fixed('MUD015');
  });

  it('offers no command that runs something', async () => {
    const titles = await suite.window.commandTitles('MaixCAM: New Model…');
    for (const title of RUNNING) assert.ok(!titles.includes(`MaixCAM: ${title}`), title);
  });

  it('shows the recipes and says that nothing runs', async () => {
    const rows = await suite.window.pipelineView();
    await rows.filter({ hasText: 'one' }).first().waitFor();
    await suite.window.page.getByText('Restricted mode: results are shown, nothing runs.').first().waitFor();
    await suite.window.screenshot('restricted pipeline view');
  });

  it('refuses a run with the reason, and starts no process', async () => {
    const { window } = suite;
    await window.openFile(suite.file('one.maixcam.yaml'));
    await window.lenses.filter({ hasText: 'Run' }).first().click();
    await window.notifications.filter({ hasText: 'This workspace is not trusted' }).first().waitFor();
    await window.screenshot('restricted run');
    const started = suite.editor.processes().filter(({ command }) => /cli\.js|python/.test(command));
    assert.deepEqual(started, []);
  });
});
