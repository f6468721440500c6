import type { Beside } from './documents';

/** A text with a mistake: the marked part `⟦…⟧` is the range of its problem. */
export interface Failing {
  readonly code: string;
  readonly marked: string;
  /** What the preferred fix makes of it; absent: there is none. */
  readonly fixed?: string;
  readonly severity?: 'error' | 'warning' | 'information' | 'hint';
  /** Files beside the MUD, above `BESIDE`. */
  readonly beside?: Beside;
  readonly name?: string;
}

const BASIC = '[basic]\ntype = cvimodel\nmodel = m.cvimodel\n';
const BASIC2 = '[basic]\ntype = axmodel\nmodel_npu = n.axmodel\nmodel_vnpu = v.axmodel\n';
const INPUT = 'input_type = rgb\n';
const PIXELS = 'mean = 0, 0, 0\nscale = 0.0039, 0.0039, 0.0039\n';
const LABELS = 'labels = cat, dog\n';
const HEAD = '[extra]\nmodel_type = yolo11\n';
export const GOOD = `${BASIC}\n${HEAD}${INPUT}${PIXELS}${LABELS}`;
const GOOD2 = `${BASIC2}\n${HEAD}${INPUT}${PIXELS}${LABELS}`;

/** Files that lie beside every example. */
export const BESIDE: Beside = { 'm.cvimodel': 'x', 'n.axmodel': 'x', 'v.axmodel': 'x' };

const one = (code: string, marked: string, fixed?: string, more: Partial<Failing> = {}): Failing => ({
  code,
  marked,
  ...(fixed === undefined ? {} : { fixed }),
  ...more,
});
/** The good MUD with other lines for one key. */
const withKey = (key: string, line: string, good = GOOD): string =>
  good.replace(new RegExp(`^${key} = .*\\n`, 'm'), () => `${line}\n`);
const more = (line: string, good = GOOD): string => `${good}${line}\n`;
const yolov5 = (anchors: string): string => more(`anchors = ${anchors}`, withKey('model_type', 'model_type = yolov5'));
const llm = 'model_num = 2\ntokens_embed_num = 3\ntokens_embed_size = 4\ntokens_embed = t.bin\n';
const BASIC_LLM = '[basic]\ntype = axmodel\nmodel_npu = l%d.axmodel\n[extra]\n';

export const failing: readonly Failing[] = [
  one('MUD006', more('⟦; note⟧'), more('# note')),
  one('MUD006', more('⟦// note⟧'), more('# note')),
  one('MUD006', `${HEAD}⟦input_type: rgb⟧\n${BASIC}`, `${HEAD}input_type = rgb\n${BASIC}`),
  one('MUD006', more('⟦a ＝ b⟧'), more('a = b')),
  one('MUD006', more('⟦oops⟧')),
  one('MUD006', `${GOOD.trimEnd()},\n  ⟦bird⟧\n`, `${GOOD.trimEnd()}, bird\n`),
  one('MUD006', '⟦\ufeff[basic]⟧\ntype = cvimodel\n', '[basic]\ntype = cvimodel\n'),
  one('MUD007', GOOD.replace('[extra]', '⟦[extra⟧'), GOOD),
  one('MUD007', GOOD.replace('[extra]', '⟦[ext⟧#ra]')),
  one('MUD008', more('⟦[]⟧')),
  one('MUD008', more('⟦[ ]⟧')),
  one('MUD009', `${GOOD}⟦[extra]⟧\ntype = pose\n`, `${GOOD}type = pose\n`),
  one('MUD009', `${HEAD}${BASIC}⟦[extra]⟧\n# more\n${INPUT}`, `${HEAD}# more\n${INPUT}${BASIC}`),
  one('MUD009', `${GOOD}⟦[extra]⟧\nmodel_type = yolov8\n`),
  one(
    'MUD010',
    GOOD.replace('[extra]\n', '[extra] ⟦type = pose⟧\n'),
    GOOD.replace('[extra]\n', '[extra]\ntype = pose\n'),
  ),
  one('MUD010', GOOD.replace('[extra]\n', '[extra] ⟦more⟧\n'), GOOD.replace('[extra]\n', '[extra] # more\n')),
  one('MUD011', more('⟦input_type⟧ = bgr'), GOOD),
  one('MUD012', more('⟦; a⟧ = b'), more('# a = b')),
  one('MUD013', withKey('labels', 'labels = cat, dog ⟦; two⟧'), withKey('labels', 'labels = cat, dog # two'), {
    severity: 'warning',
  }),
  one(
    'MUD013',
    withKey('input_type', 'input_type = rgb ⟦; order⟧'),
    withKey('input_type', 'input_type = rgb # order'),
    { severity: 'error' },
  ),
  one('MUD013', withKey('mean', 'mean = 0, 0, 0 ⟦;x⟧'), withKey('mean', 'mean = 0, 0, 0 #x'), {
    severity: 'information',
  }),
  one('MUD014', withKey('labels', 'labels = C, C⟦#, C++⟧')),
  one('MUD014', withKey('labels', 'labels = a, ⟦#1, b⟧')),
  one('MUD015', withKey('input_type', 'input_type = ⟦"rgb"⟧'), GOOD, { severity: 'error' }),
  one('MUD015', withKey('labels', "labels = ⟦'cat', 'dog'⟧"), GOOD, { severity: 'warning' }),
  one('MUD015', withKey('labels', 'labels = ⟦[cat, dog]⟧'), GOOD),
  one('MUD016', withKey('input_type', 'input_type = ⟦rgb\u00a0⟧'), GOOD, { severity: 'error' }),
  one('MUD016', withKey('mean', 'mean = ⟦０, 0, 0⟧'), GOOD),
  one('MUD016', withKey('labels', 'labels = ⟦cat,\u3000dog⟧'), withKey('labels', 'labels = cat, dog'), {
    severity: 'warning',
  }),
  one('MUD016', GOOD.replace('[extra]', '[⟦extra\u200b⟧]'), GOOD),
  one('MUD017', `⟦type⟧ = cvimodel\n[basic]\nmodel = m.cvimodel\n`, '[basic]\nmodel = m.cvimodel\ntype = cvimodel\n', {
    severity: 'error',
  }),
  one('MUD017', GOOD.replace('[basic]\n', '[basic]\n⟦mean⟧ = 1\n'), GOOD, { severity: 'information' }),
  one('MUD018', GOOD.replace('[extra]', '⟦[Extra]⟧'), GOOD, { severity: 'error' }),
  one('MUD018', GOOD.replace('[basic]', '⟦[[basic]⟧]'), GOOD),
  one('MUD018', more('⟦[mine]⟧\na = b'), undefined, { severity: 'hint' }),
  one('MUD019', '⟦[basic]⟧\nmodel = m.cvimodel\n', '[basic]\nmodel = m.cvimodel\ntype = cvimodel\n'),
  one('MUD019', '⟦⟧'),
  one('MUD020', withKey('type', 'type = ⟦cvi_model⟧'), GOOD),
  one('MUD020', withKey('type', '⟦type⟧ ='), GOOD),
  one(
    'MUD021',
    withKey('model', '').replace('\n\n', '\n').replace('[basic]', '⟦[basic]⟧'),
    `[basic]\ntype = cvimodel\nmodel = m.cvimodel\n\n${HEAD}${INPUT}${PIXELS}${LABELS}`,
  ),
  one('MUD021', withKey('model', '⟦model⟧ ='), GOOD),
  one('MUD022', GOOD2.replace('model_vnpu = v.axmodel\n', '').replace('model_npu', '⟦model_npu⟧')),
  one('MUD022', GOOD2.replace('model_npu = n.axmodel\n', '').replace('model_vnpu', '⟦model_vnpu⟧')),
  one('MUD023', withKey('model_vnpu', 'model_vnpu = ⟦n.axmodel⟧', GOOD2)),
  one('MUD024', withKey('model', 'model = ⟦M.cvimodel⟧'), GOOD, { severity: 'error' }),
  one('MUD024', withKey('model', 'model = ⟦C:\\x\\m.cvimodel⟧'), GOOD),
  one('MUD024', withKey('model', 'model = ⟦sub\\m.cvimodel⟧'), withKey('model', 'model = sub/m.cvimodel'), {
    beside: { 'sub/m.cvimodel': 'x' },
  }),
  one('MUD024', withKey('model_npu', 'model_npu = ⟦none/x.axmodel⟧', GOOD2), undefined, { severity: 'warning' }),
  one(
    'MUD024',
    more('detect_model = m.cvimodel\nanchors = ⟦10,13, 16,30⟧', withKey('model_type', 'model_type = hand_landmarks')),
  ),
  one('MUD025', withKey('labels', 'labels = ⟦/root/labels.txt⟧'), withKey('labels', 'labels = labels.txt'), {
    severity: 'warning',
    beside: { 'labels.txt': 'a\nb\n' },
  }),
  one(
    'MUD026',
    withKey('model', 'model = ⟦v.axmodel⟧'),
    withKey('type', 'type = axmodel', withKey('model', 'model = v.axmodel')),
  ),
  one('MUD026', withKey('model', 'model = ⟦m.onnx⟧'), GOOD, { beside: { 'm.onnx': 'x' } }),
  one('MUD027', BASIC2.replace('[basic]', '⟦[basic]⟧')),
  one('MUD028', `⟦⟧${GOOD}`, undefined, { name: 'MODEL.MUD' }),
  one(
    'MUD029',
    withKey('model_type', '').replace('[extra]\n\n', '[extra]\n').replace('[extra]', '⟦[extra]⟧'),
    undefined,
    { severity: 'warning' },
  ),
  one('MUD030', withKey('model_type', 'model_type = ⟦yolov11⟧'), GOOD),
  one('MUD030', withKey('model_type', 'model_type = ⟦YOLO11⟧'), GOOD),
  one('MUD030', withKey('model_type', 'model_type = ⟦my_own_thing⟧'), undefined, { severity: 'warning' }),
  one('MUD031', GOOD.replace(LABELS, '').replace('[extra]', '⟦[extra]⟧')),
  one('MUD031', withKey('model_type', 'model_type = yolov5').replace('[extra]', '⟦[extra]⟧')),
  one('MUD032', withKey('labels', '⟦Labels⟧ = cat, dog'), GOOD, { severity: 'error' }),
  one('MUD032', more('⟦input-layout⟧ = hwc'), more('input_layout = hwc'), { severity: 'warning' }),
  one('MUD033', more('⟦anchors⟧ = 1,2')),
  one('MUD033', more('⟦output_cache⟧ = true')),
  one(
    'MUD034',
    withKey('scale', '⟦std⟧ = 58.395, 57.12, 57.375'),
    withKey('scale', 'scale = 0.017124754, 0.017507003, 0.017429194'),
  ),
  one('MUD034', more('⟦std⟧ = 1'), undefined, { severity: 'hint' }),
  one('MUD035', more('type = ⟦detect⟧'), more('type = detector'), { severity: 'error' }),
  one('MUD035', withKey('input_type', 'input_type = ⟦RGB⟧'), GOOD, { severity: 'error' }),
  one('MUD035', withKey('input_type', 'input_type = ⟦gray⟧'), undefined, { severity: 'error' }),
  one('MUD035', more('input_layout = ⟦NHWC⟧'), more('input_layout = hwc'), { severity: 'warning' }),
  one('MUD036', more('output_cache = ⟦True⟧', GOOD2), more('output_cache = true', GOOD2)),
  one('MUD037', withKey('mean', 'mean = ⟦0, 0, 0,⟧'), GOOD),
  one('MUD037', withKey('mean', 'mean = ⟦[0⟧, 0, 0]'), GOOD),
  one('MUD037', withKey('mean', '⟦mean⟧ =')),
  one(
    'MUD038',
    withKey('scale', 'scale = ⟦1/255⟧, 0.0039, 0.0039'),
    withKey('scale', 'scale = 0.003921569, 0.0039, 0.0039'),
  ),
  one('MUD039', withKey('mean', 'mean = ⟦0 0 0⟧'), GOOD),
  one('MUD039', withKey('mean', 'mean = ⟦0;0;0⟧'), GOOD),
  one('MUD040', withKey('mean', 'mean = ⟦123,675, 116,28, 103,53⟧'), withKey('mean', 'mean = 123.675, 116.28, 103.53')),
  one('MUD041', withKey('mean', 'mean = 0⟦f⟧, 0, 0'), GOOD),
  one('MUD041', withKey('mean', 'mean = 127.5,127.5127⟦.5⟧')),
  one('MUD042', withKey('scale', 'scale = ⟦0.0039⟧'), withKey('scale', 'scale = 0.0039, 0.0039, 0.0039'), {
    severity: 'error',
  }),
  one('MUD042', withKey('mean', 'mean = ⟦0, 0⟧')),
  one('MUD043', withKey('scale', 'scale = ⟦0, 0, 0⟧')),
  one(
    'MUD044',
    withKey('scale', 'scale = ⟦58.395, 57.12, 57.375⟧'),
    withKey('scale', 'scale = 0.017124754, 0.017507003, 0.017429194'),
  ),
  one('MUD044', withKey('scale', 'scale = ⟦-0.0039, -0.0039, -0.0039⟧')),
  one('MUD045', withKey('mean', 'mean = ⟦0.5, 0.5, 0.5⟧'), withKey('mean', 'mean = 127.5, 127.5, 127.5')),
  one(
    'MUD046',
    withKey('input_type', 'input_type = bgr', withKey('mean', 'mean = ⟦123.675, 116.28, 103.53⟧')),
    withKey('input_type', 'input_type = bgr', withKey('mean', 'mean = 103.53, 116.28, 123.675')),
  ),
  one('MUD047', GOOD2.replace('mean', '⟦mean⟧'), undefined, { severity: 'hint' }),
  one('MUD048', withKey('labels', '⟦labels⟧ =')),
  one('MUD049', withKey('labels', 'labels = ⟦cat；dog⟧'), GOOD),
  one('MUD049', withKey('labels', 'labels = ⟦cat、dog⟧'), GOOD),
  one('MUD049', withKey('labels', 'labels = ⟦cat | dog⟧'), GOOD),
  one('MUD050', withKey('labels', 'labels = cat,⟦,⟧dog')),
  one('MUD050', withKey('labels', 'labels = cat, dog, ⟦cat⟧')),
  one('MUD051', withKey('labels', 'labels = ⟦lables.txt⟧'), withKey('labels', 'labels = labels.txt'), {
    beside: { 'labels.txt': 'a\nb\n' },
  }),
  one('MUD051', withKey('labels', 'labels = ⟦my labels.txt⟧'), undefined, { beside: { 'my labels.txt': 'a\nb\n' } }),
  one('MUD052', withKey('labels', 'labels = ⟦face⟧'), withKey('labels', 'labels = face,'), {
    beside: { face: 'a\nb\n' },
  }),
  one('MUD053', withKey('labels', 'labels = ⟦labels.txt⟧'), undefined, { beside: { 'labels.txt': 'a\nb\n\n' } }),
  one('MUD053', withKey('labels', 'labels = ⟦labels.txt⟧'), undefined, { beside: { 'labels.txt': 'a, b' } }),
  one('MUD053', withKey('labels', 'labels = ⟦labels.txt⟧'), undefined, { beside: { 'labels.txt': '\ufeffa\nb\n' } }),
  one('MUD054', yolov5('⟦1,2,3⟧'), undefined, { severity: 'error' }),
  one('MUD055', yolov5('⟦0.1,0.2, 0.3,0.4, 0.5,0.6⟧')),
  one('MUD055', yolov5('⟦116,90, 30,61, 10,13⟧')),
  one('MUD056', more('⟦input_channel⟧ = hwc')),
  one(
    'MUD057',
    more('output_cache = true\noutput_cache_inval = ⟦false⟧', GOOD2),
    more('output_cache = true\noutput_cache_inval = true', GOOD2),
  ),
  one('MUD058', withKey('model_type', ' model_type = ⟦yolo11⟧\ntype = pose')),
  one('MUD058', withKey('model_type', 'model_type = ⟦yolo11⟧ # note\ntype = pose')),
  one(
    'MUD059',
    `${BASIC}[extra]\nmodel_type = pp_ocr\ndet = false\n⟦rec_model⟧ = m.cvimodel\nrec_mean = 0\nrec_scale = 0.0039\n${INPUT}${PIXELS}${LABELS}`,
  ),
  one('MUD060', `${BASIC_LLM}${llm.replace('= 2', '= ⟦two⟧')}`, undefined, {
    severity: 'error',
    beside: { 't.bin': '' },
  }),
  one('MUD061', `${BASIC_LLM}${llm}llm_service = ⟦a; reboot⟧\n`.replace('; ', '$(x)'), undefined, {
    beside: { 't.bin': '' },
  }),
  one('MUD062', GOOD.replace('[extra]', '⟦[extra]⟧ # more'), GOOD.replace('[extra]', '[extra]\n# more'), {
    severity: 'information',
  }),
  one('MUD062', GOOD.replace('[extra]', '  ⟦[extra]⟧'), GOOD),
  one('MUD062', withKey('labels', 'labels = ⟦a\\;b, c⟧'), undefined, { severity: 'warning' }),
  one('MUD063', withKey('model', 'model = m.cvimodel ⟦# mine⟧', withKey('model_type', 'model_type = classifier'))),
  one('MUD064', withKey('labels', `labels = ⟦${'x;'.repeat(200)}⟧`), undefined, { severity: 'error' }),
  one('MUD065', withKey('model_type', 'model_type = ⟦yolo-world⟧')),
];

/** Texts that are right: nothing but hints may be said. */
export const passing: readonly string[] = [
  GOOD,
  GOOD2,
  GOOD.replace(/\n/g, '\r\n'),
  `# a note; with = everything [in] it\n\n${GOOD}`,
  withKey('labels', 'labels = 猫, 狗, oiseau'),
  withKey('labels', 'labels = hot dog, traffic light,'),
  withKey('labels', 'labels = person, # just one'),
  withKey('labels', "labels = C++, 50%, it's, a|b"),
  withKey('scale', 'scale = 1, 1, 1'),
  withKey('model', 'model = /root/models/x.cvimodel'),
  withKey('mean', 'mean = 123.675, 116.28, 103.53'),
  more('type = seg'),
  more('input_layout = hwc'),
  yolov5('10,13, 16,30, 33,23, 30,61, 62,45, 59,119, 116,90, 156,198, 373,326'),
  `${BASIC}[extra]\nmodel_type = yolo26\n`,
  `${BASIC}[extra]\nmodel_type = classifier\ninput_type = gray\nmean = 127.5\nscale = 0.0078\n${LABELS}`,
  `${BASIC}[extra]\nmodel_type = pp_ocr\ndet = false\n${INPUT}${PIXELS}${LABELS}`,
  more('output_cache = true\ninput_cache = false', GOOD2),
  `${BASIC_LLM}${llm}`,
];
