import assert from 'node:assert/strict';
import { defaultFolder, planPush, type PushPlan } from '../../../client/src/domain/deploy/plan';
import { readMud } from '../../../server/src/core/mud/read';

/** Plans a push of `m.mud` from a folder of these files; a MUD's text, or anything for another file. */
function plan(files: Readonly<Record<string, string>>, folder = '/root/models/m'): PushPlan {
  return planPush({
    mud: 'm.mud',
    folder,
    isFile: (local) => files[local] !== undefined,
    filesBelow: (local) =>
      Object.keys(files)
        .filter((file) => file.startsWith(`${local}/`))
        .sort(),
    read: (mud) => readMud(mud, { kind: 'file', bytes: new TextEncoder().encode(files[mud]) }).items,
  });
}

const basic = '[basic]\ntype = cvimodel\nmodel = m.cvimodel\n';
const locals = (planned: PushPlan): string[] => planned.files.map((file) => file.local);
const refusal = (code: string): { code: string } => ({ code });

describe('push plan', () => {
  it('puts the model first, the labels next and the MUD last', () => {
    const planned = plan({ 'm.mud': `${basic}[extra]\nlabels = names.txt\n`, 'm.cvimodel': '', 'names.txt': '' });
    assert.deepEqual(planned.files, [
      { local: 'm.cvimodel', remote: '/root/models/m/m.cvimodel', role: 'model' },
      { local: 'names.txt', remote: '/root/models/m/names.txt', role: 'labels' },
      { local: 'm.mud', remote: '/root/models/m/m.mud', role: 'mud' },
    ]);
    assert.deepEqual(planned.boards, ['maixcam', 'maixcam-pro']);
  });

  it('takes both models of a MaixCAM2 MUD', () => {
    const mud = '[basic]\ntype = axmodel\nmodel_npu = a.axmodel\nmodel_vnpu = sub/b.axmodel\n[extra]\nk = v\n';
    const planned = plan({ 'm.mud': mud, 'a.axmodel': '', 'sub/b.axmodel': '' });
    assert.deepEqual(locals(planned), ['a.axmodel', 'sub/b.axmodel', 'm.mud']);
    assert.deepEqual(planned.boards, ['maixcam2']);
  });

  it('brings the files of a MUD that the MUD names, before it', () => {
    const planned = plan({
      'm.mud': `${basic}[extra]\nmodel_type = hand_landmarks\ndetect_model = det/d.mud\nanchors = anchors.csv\n`,
      'm.cvimodel': '',
      'anchors.csv': '',
      'det/d.mud': '[basic]\ntype = cvimodel\nmodel = d.cvimodel\n',
      'det/d.cvimodel': '',
    });
    assert.deepEqual(locals(planned), ['m.cvimodel', 'det/d.cvimodel', 'det/d.mud', 'anchors.csv', 'm.mud']);
  });

  it('ends with MUDs that name each other', () => {
    const pair = (other: string): string => `${basic}[extra]\nmodel_type = pp_ocr\nrec_model = ${other}\n`;
    const planned = plan({ 'm.mud': pair('n.mud'), 'n.mud': pair('m.mud'), 'm.cvimodel': '' });
    assert.equal(locals(planned).at(-1), 'm.mud');
  });

  it('takes anchors for a list where the class is not hand_landmarks, and labels for a list without such a file', () => {
    const mud = `${basic}[extra]\nmodel_type = yolov5\nanchors = 10,13\nlabels = a, ../b\n`;
    assert.deepEqual(locals(plan({ 'm.mud': mud, 'm.cvimodel': '' })), ['m.cvimodel', 'm.mud']);
    for (const labels of ['../../etc/passwd', '/etc/passwd', '.', 'a\tb', 'a\\b', 'cat']) {
      const one = `${basic}[extra]\nlabels = ${labels}\n`;
      assert.deepEqual(locals(plan({ 'm.mud': one, 'm.cvimodel': '' })), ['m.cvimodel', 'm.mud'], labels);
    }
  });

  it('expands layer templates and folders', () => {
    const mud =
      '[basic]\ntype = axmodel\nmodel_npu = l%d.axmodel\n[extra]\nmodel_num = 2\ntokenizer_dir = tok\npost_model = p.axmodel\n';
    const planned = plan({
      'm.mud': mud,
      'l0.axmodel': '',
      'l1.axmodel': '',
      'tok/a.json': '',
      'tok/b/c.txt': '',
      'p.axmodel': '',
    });
    assert.deepEqual(locals(planned), ['l0.axmodel', 'l1.axmodel', 'p.axmodel', 'tok/a.json', 'tok/b/c.txt', 'm.mud']);
  });

  it('expects absolute paths on the board', () => {
    const planned = plan({ 'm.mud': '[basic]\ntype = cvimodel\nmodel = /root/models/./yolov5s.cvimodel\n' });
    assert.deepEqual(planned.onBoard, ['/root/models/yolov5s.cvimodel']);
    assert.deepEqual(locals(planned), ['m.mud']);
  });

  for (const value of ['../m.cvimodel', 'a/../../m.cvimodel', '/../../m.cvimodel']) {
    it(`refuses ${value}: it leads out of the folder`, () => {
      assert.throws(
        () => plan({ 'm.mud': `[basic]\ntype = cvimodel\nmodel = ${value}\n` }),
        refusal('PUSH_PATH_OUTSIDE'),
      );
    });
  }

  it('refuses what is missing, what has a backslash, an unknown type and a relative folder', () => {
    assert.throws(() => plan({ 'm.mud': basic }), refusal('PUSH_FILE_MISSING'));
    const backslash = { 'm.mud': '[basic]\ntype = cvimodel\nmodel = a\\b.cvimodel\n' };
    assert.throws(() => plan(backslash), refusal('PUSH_NAME_UNUSABLE'));
    const rknn = { 'm.mud': '[basic]\ntype = rknn\nmodel = m.cvimodel\n', 'm.cvimodel': '' };
    assert.throws(() => plan(rknn), refusal('PUSH_TYPE_UNKNOWN'));
    assert.throws(() => plan({ 'm.mud': basic, 'm.cvimodel': '' }, 'models'), refusal('PUSH_FOLDER'));
    assert.throws(() => plan({ 'm.mud': basic, 'm.cvimodel': '' }, '/root/../..'), refusal('PUSH_PATH_OUTSIDE'));
  });

  it('gives every model a folder of its own', () => {
    assert.equal(defaultFolder('shapes.mud'), '/root/models/shapes');
    assert.equal(plan({ 'm.mud': basic, 'm.cvimodel': '' }, '/root/models/m/').folder, '/root/models/m');
  });
});
