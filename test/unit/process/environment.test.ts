import assert from 'node:assert/strict';
import { childEnvironment } from '../../../client/src/host/process/environment';

describe('environment of a child', () => {
  it('passes on what tools need and nothing else', () => {
    const base = {
      PATH: '/bin',
      HOME: '/home/a',
      https_proxy: 'http://p:1',
      PIP_INDEX_URL: 'u',
      EDITOR: 'vi',
      PYTHONPATH: 'x',
    };
    assert.deepEqual(childEnvironment(base), {
      PATH: '/bin',
      HOME: '/home/a',
      https_proxy: 'http://p:1',
      PIP_INDEX_URL: 'u',
    });
  });

  it('never passes on a secret', () => {
    const base = {
      MAIXCAM_PASSWORD: 'x',
      UV_PUBLISH_TOKEN: 'x',
      PIP_PASSWORD: 'x',
      DOCKER_API_KEY: 'x',
      ULTRALYTICS_API_KEY: 'x',
    };
    assert.deepEqual(childEnvironment(base), {});
  });

  it('lets the caller add and remove', () => {
    assert.deepEqual(childEnvironment({ PATH: '/bin', LANG: 'C' }, { LANG: undefined, A: '1' }), {
      PATH: '/bin',
      A: '1',
    });
  });
});
