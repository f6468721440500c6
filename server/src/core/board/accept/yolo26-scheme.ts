import type { DecodeRequest, DeviceFailure } from './request';

/** One grid of YOLO26: the outputs that hold its boxes and its class scores. */
export interface Yolo26Level {
  readonly box: number;
  readonly score: number;
  readonly gridWidth: number;
  readonly gridHeight: number;
}

export interface Yolo26Scheme {
  readonly kind: 'yolo26';
  /** One output in NCHW makes the device read all of them so (mud.md 6.7). */
  readonly layout: 'CHW' | 'HWC';
  /** Three, the finest grid first. */
  readonly levels: readonly Yolo26Level[];
  /** Classes that are decoded: the labels, or the class channels where there are no labels. */
  readonly classes: number;
}

const BOX_SIDES = 4;
const COCO_CLASSES = 80;
const BOX_WORDS = ['bbox', 'box', 'reg', 'loc'];
const CLASS_WORDS = ['cls', 'class', 'score'];

interface Candidate {
  readonly index: number;
  readonly name: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

type Selection =
  | { readonly loaded: true; readonly scheme: Yolo26Scheme }
  | { readonly loaded: false; readonly failure: DeviceFailure };

/** Groups the outputs by grid and tells boxes from classes as the device does (mud.md 6.7 and its corrections). */
export function selectYolo26(request: DecodeRequest): Selection {
  if (request.outputs.length < 6) return thrown('need at least 6 outputs');
  let anyChannelsFirst = false;
  const candidates: Candidate[] = [];
  for (const [index, { name, shape }] of request.outputs.entries()) {
    if (shape.length !== 4) continue;
    const [, first = 0, second = 0, third = 0] = shape;
    const channelsFirst = request.board !== 'maixcam2' && looksChannelsFirst(first, second, third, request.labels);
    anyChannelsFirst ||= channelsFirst;
    const candidate: Candidate = channelsFirst
      ? { index, name, channels: first, height: second, width: third }
      : { index, name, channels: third, height: first, width: second };
    const { channels } = candidate;
    if (channels === BOX_SIDES || channels === request.labels || channels === COCO_CLASSES) candidates.push(candidate);
  }

  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const key = `${candidate.height}x${candidate.width}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [candidate]);
    else group.push(candidate);
  }
  const levels: (Yolo26Level & { readonly channels: number })[] = [];
  for (const group of groups.values()) {
    const [one, two] = group;
    if (group.length !== 2 || one === undefined || two === undefined) return thrown('need 3 bbox and 3 cls outputs');
    const [box, score] = firstIsBox(one, two) ? [one, two] : [two, one];
    levels.push({
      box: box.index,
      score: score.index,
      gridWidth: one.width,
      gridHeight: one.height,
      channels: score.channels,
    });
  }
  if (levels.length !== 3) return thrown('need 3 bbox and 3 cls outputs');
  levels.sort((a, b) => b.gridWidth * b.gridHeight - a.gridWidth * a.gridHeight);
  const classes = request.labels > 0 ? request.labels : (levels[0]?.channels ?? 0);
  return {
    loaded: true,
    scheme: {
      kind: 'yolo26',
      layout: anyChannelsFirst ? 'CHW' : 'HWC',
      levels: levels.map(({ box, score, gridWidth, gridHeight }) => ({ box, score, gridWidth, gridHeight })),
      classes,
    },
  };
}

function looksChannelsFirst(first: number, second: number, third: number, labels: number): boolean {
  if (first === BOX_SIDES || first === COCO_CLASSES || (labels > 0 && first === labels)) return true;
  return first <= 100 && first < second && first < third;
}

function firstIsBox(one: Candidate, two: Candidate): boolean {
  const oneBox = hasWord(one, BOX_WORDS);
  const twoBox = hasWord(two, BOX_WORDS);
  const oneClass = hasWord(one, CLASS_WORDS);
  const twoClass = hasWord(two, CLASS_WORDS);
  if ((oneBox && !twoBox) || (twoClass && !oneClass)) return true;
  if ((twoBox && !oneBox) || (oneClass && !twoClass)) return false;
  return one.channels === BOX_SIDES || two.channels !== BOX_SIDES;
}

function hasWord(candidate: Candidate, words: readonly string[]): boolean {
  const name = candidate.name.toLowerCase();
  return words.some((word) => name.includes(word));
}

function thrown(text: string): Selection {
  return { loaded: false, failure: { code: null, exception: `: Unknown error: ${text}\n\n`, log: [] } };
}
