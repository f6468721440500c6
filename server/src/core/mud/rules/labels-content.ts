import { byteString } from '../bytes';
import { readsNoLabels } from '../context';
import { labelList } from '../label-list';
import { type MudRule, problem } from './rule';

/** MUD053: what the board makes of the lines of a labels file. */
export const labelsContent: MudRule = {
  code: 'MUD053',
  stage: 'silent',
  mistakes: [49, 65],
  check(context) {
    const item = context.item('extra', 'labels');
    const { files, path } = context.document;
    if (item === undefined || files === null || readsNoLabels(context)) return [];
    const { text } = item.value;
    const list = labelList(context.document, text);
    if (list?.source !== 'file' || list.labels.length === 0) return [];
    const faults = faultsOf(list.labels, files.read(files.resolve(path, text), MAX_LABELS_FILE) ?? new Uint8Array(0));
    return faults.map((fault) =>
      problem(context, 'MUD053', 'warning', item.value, `Labels file \`${text}\`: ${fault}`),
    );
  },
};

const MAX_LABELS_FILE = 4_000_000;

/** Longest line that the board's reader leaves whole, in bytes with the line end. */
const LINE_BYTES = 1023;

function faultsOf(labels: readonly string[], bytes: Uint8Array): string[] {
  const faults: string[] = [];
  const lines = byteString(bytes).split('\n');
  if (labels[0]?.startsWith('\ufeff') === true)
    faults.push(
      'it starts with a byte order mark, which becomes part of the first label. Save it as UTF-8 without BOM.',
    );
  if (bytes.includes(0))
    faults.push('it holds a NUL byte, where the board ends the line or the list. Write the file anew.');
  const blank = labels.findIndex((label) => label === '');
  if (blank !== -1)
    faults.push(
      `line ${blank + 1} is blank and becomes an empty label${blank === labels.length - 1 ? ', so there is one label too many' : ''}. Remove the line.`,
    );
  const long = lines.findIndex((line) => line.length >= LINE_BYTES);
  if (long !== -1)
    faults.push(`line ${long + 1} is longer than ${LINE_BYTES - 1} bytes: the board makes several labels of it.`);
  const only = labels.length === 1 ? (labels[0] ?? '') : '';
  if (only.includes(','))
    faults.push(
      'it holds one line with commas. In a file each label has a line of its own, so this is a single label.',
    );
  return faults;
}
