import { bytesOf, toText, toTextOrNull, type ByteString } from '../../../../server/src/core/mud/bytes';
import { resolveLabels } from '../../../../server/src/core/mud/labels';
import { readMud, typeRefusal, type MudReading } from '../../../../server/src/core/mud/read';
import { fileProbe, probeMud } from '../../../../server/src/node/file-probe';
import { ExitCode, type CommandResult } from '../result';

export interface MudOptions {
  /** Base64 instead of text in the document. */
  readonly bytes?: boolean;
}

/** One file in the shape of cli.md: a public contract. */
interface MudEntry {
  readonly path: string;
  readonly loads: boolean;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly iniError: number | null;
  readonly type: string | null;
  readonly sections: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly labels: readonly string[] | null;
}

/** The files as the board reads them. */
export function showMuds(files: readonly string[], options: MudOptions): CommandResult {
  const readings = files.map((path) => ({ path, reading: readMud(path, probeMud(path)) }));
  const entries = readings.map(({ path, reading }) => entryOf(path, reading, options.bytes === true));
  return {
    json: { files: entries },
    text: readings.map(({ path, reading }) => describe(path, reading)).join('\n\n'),
    exitCode: entries.every((entry) => entry.loads) ? ExitCode.Done : ExitCode.Problem,
  };
}

function entryOf(path: string, reading: MudReading, asBytes: boolean): MudEntry {
  const show = asBytes ? (text: ByteString): string => Buffer.from(bytesOf(text)).toString('base64') : toText;
  const labels = reading.loads ? labelsOf(path, reading) : null;
  return {
    path,
    loads: reading.loads,
    error: reading.error,
    iniError: reading.iniError,
    type: asBytes ? show(reading.type) : toTextOrNull(reading.type),
    sections: Object.fromEntries(
      [...reading.items].map(([name, items]) => [
        show(name),
        Object.fromEntries([...items].map(([key, value]) => [show(key), show(value)])),
      ]),
    ),
    labels: labels?.ok === true ? labels.labels.map(show) : null,
  };
}

function labelsOf(path: string, reading: MudReading): ReturnType<typeof resolveLabels> {
  return resolveLabels(reading.items.get('extra')?.get('labels'), path, fileProbe);
}

/** The same for a person. */
function describe(path: string, reading: MudReading): string {
  const lines = [path];
  if (reading.error !== null) {
    lines.push(`  The board refuses it: ${reading.error.code}, "${reading.error.message}"`);
    return lines.join('\n');
  }
  const type = printable(reading.type);
  const boards = [
    ...(typeRefusal(reading.type, 'maixcam') === null ? ['MaixCAM and MaixCAM-Pro'] : []),
    ...(typeRefusal(reading.type, 'maixcam2') === null ? ['MaixCAM2'] : []),
  ];
  lines.push(
    boards.length === 0
      ? `  No board takes the type "${type}": use cvimodel (MaixCAM) or axmodel (MaixCAM2).`
      : `  For ${boards.join(', ')} (type ${type})`,
  );
  for (const [name, items] of reading.items) {
    lines.push(`  [${printable(name)}]`);
    for (const [key, value] of items) lines.push(`    ${printable(key)} = ${printable(value)}`);
  }
  const labels = labelsOf(path, reading);
  if (!labels.ok) lines.push(`  Labels: ${labels.message}`);
  else {
    const from = labels.source === 'file' ? ' from a labels file' : '';
    lines.push(
      `  ${labels.labels.length} labels${from}: ${labels.labels.map((label) => JSON.stringify(toText(label))).join(', ')}`,
    );
  }
  return lines.join('\n');
}

/** A file's text must not steer the terminal: control characters are shown by their symbols (U+2400 and up). */
function printable(text: ByteString): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return toText(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd';
  });
}
