import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { useEditor } from '../support/e2e-suite';

describe('the sample workspace', function () {
  this.timeout(240_000);
  const suite = useEditor({});

  it('is drawn into an empty folder by one command, and opens its recipe', async () => {
    const { window } = suite;
    await window.command('MaixCAM: Open Sample Workspace');
    await window.pick('Shapes, with boxes');
    await window.page.locator('.tab.active').filter({ hasText: 'shapes.maixcam.yaml' }).waitFor();
    await window.languageName.getByText('MaixCAM Recipe', { exact: true }).waitFor();
    for (const name of ['shapes.maixcam.yaml', 'data.yaml']) assert.ok(existsSync(suite.file(name)), name);
    await window.lenses.filter({ hasText: 'Run' }).first().waitFor();
    await window.screenshot('sample');
  });

  it('has no mistake of its own', async () => {
    const { window } = suite;
    await window.openFile(suite.file('data.yaml'));
    await window.page.getByText('No Problems').or(window.page.locator('#status\\.problems')).first().waitFor();
    const rows = await window.problems('');
    await window.page.getByText('No problems have been detected in the workspace.').waitFor();
    assert.equal(await rows.count(), 0);
  });

  it('shows the steps of the recipe, none done yet', async () => {
    const { window } = suite;
    const rows = await window.pipelineView();
    await rows.filter({ hasText: 'shapes' }).first().waitFor();
    await rows.filter({ hasText: /train/i }).first().waitFor();
    await window.screenshot('sample pipeline');
    assert.deepEqual(
      await window.notifications.filter({ has: window.page.locator('.codicon-error') }).allInnerTexts(),
      [],
    );
  });
});
