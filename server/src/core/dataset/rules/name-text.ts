import type { Problem } from '../../problems/problem';
import { problemAt, quoted, replaceFix, type DatasetRule } from './rule';

/** DATA025: two classes that look alike in results and on the board. */
export const repeatedName: DatasetRule = {
  code: 'DATA025',
  check(context) {
    const seen = new Map<string, number>();
    if (context.value('names') === undefined) return [];
    return (context.classes ?? []).flatMap(({ index, name, value }): Problem[] => {
      const plain = name.trim().toLowerCase();
      const first = seen.get(plain);
      if (first === undefined) {
        seen.set(plain, index);
        return [];
      }
      const same = context.classes?.find((each) => each.index === first)?.name === name;
      const how = same
        ? `has the same name as class ${first}`
        : `differs from class ${first} only in capital letters or blanks`;
      const message = `Class ${index} ${how}: the two look alike in every result. Rename one, or give their labels one number.`;
      return [problemAt(context, 'DATA025', 'warning', value, message)];
    });
  },
};

/** DATA026: a text has a length too, so older releases made a class of each letter. */
export const namesForm: DatasetRule = {
  code: 'DATA026',
  check(context) {
    const names = context.value('names');
    if (names?.kind !== 'scalar') return [];
    if (names.type !== 'str') {
      const message = `\`names\` must be a list or a mapping of class numbers to names, not ${quoted(names.text)}: the training stops. The number of classes is \`nc\`.`;
      return [problemAt(context, 'DATA026', 'error', names, message)];
    }
    const missing = /^\d+:\S/.test(names.text);
    const message = missing
      ? 'A blank is missing behind the colon, so YAML reads all names as one text and the training stops. Write `0: name`.'
      : '`names` is one text, not a list: the training stops, and Ultralytics 8.3 and older make a class of each letter. Write it in brackets.';
    const parts = names.text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
    const simple = parts.length > 0 && parts.every((part) => /^[\w .-]+$/.test(part));
    const list = `[${parts.map(listItem).join(', ')}]`;
    const fix = !missing && simple ? replaceFix(context, `Write ${list}`, names, list) : null;
    return [problemAt(context, 'DATA026', 'error', names, message, [fix])];
  },
};

/** DATA027: `no` becomes `False`, `1.10` becomes `1.1`. */
export const nameMeaning: DatasetRule = {
  code: 'DATA027',
  check(context) {
    if (context.value('names')?.kind === 'scalar' || context.value('names') === undefined) return [];
    return (context.classes ?? []).flatMap(({ name, value }): Problem[] => {
      if (value.kind !== 'scalar' || value.type === 'str') return [];
      const written = context.text.slice(value.start, value.end);
      // The name is the same text as what is written.
      if (written === name) return [];
      const shown = written === '' ? 'An empty name' : quoted(written);
      const message = `${shown} is no text for YAML: the class is called ${quoted(name)}. ${written === '' ? 'Write a name.' : 'Put it in quotes.'}`;
      const fix = written === '' ? null : replaceFix(context, 'Put it in quotes', value, JSON.stringify(written));
      return [problemAt(context, 'DATA027', 'warning', value, message, [fix])];
    });
  },
};

/** DATA028: `- red: car` is a mapping, and its Python text becomes the name. */
export const nameMapping: DatasetRule = {
  code: 'DATA028',
  check(context) {
    if (context.value('names')?.kind === 'scalar') return [];
    return (context.classes ?? []).flatMap(({ name, value }): Problem[] => {
      if (value.kind === 'scalar') return [];
      const what = value.kind === 'map' ? 'a colon with a blank makes a mapping of it' : 'brackets make a list of it';
      const message = `This is no name: ${what}, and the class is called ${quoted(name)}. Put the name in quotes.`;
      const [only] = value.kind === 'map' && value.entries.length === 1 ? value.entries : [];
      // `- 0: cat` means the name behind its number.
      const alone = only?.value.kind === 'scalar' && only.key.type === 'int' ? only.value.text : null;
      const written = context.text.slice(value.start, value.end).trimEnd();
      const newText = JSON.stringify(alone ?? written);
      const place = { start: value.start, end: value.start + written.length };
      const fix = written.includes('\n')
        ? null
        : replaceFix(context, alone === null ? 'Put it in quotes' : 'Write the name alone', place, newText);
      return [problemAt(context, 'DATA028', 'warning', value, message, [fix])];
    });
  },
};

/** DATA029: releases before 8.4 take it for a number of WordNet and stop. */
export const wordNetName: DatasetRule = {
  code: 'DATA029',
  check(context) {
    const first = context.classes?.find(({ index }) => index === 0);
    if (first === undefined || !first.name.startsWith('n0') || /^n0\d{7}$/.test(first.name)) return [];
    const message =
      'The first name begins with `n0`: Ultralytics 8.3 and older take it for a WordNet number and stop. Rename it if you use such a release.';
    return [problemAt(context, 'DATA029', 'information', first.value, message)];
  },
};

/** DATA030: pictures of results need another font, which is loaded from the internet once. */
export const nameLetters: DatasetRule = {
  code: 'DATA030',
  check(context) {
    // Bytes that are no letters have a problem of their own.
    // eslint-disable-next-line no-control-regex -- ASCII is what this is about
    const first = context.classes?.find(({ name }) => /[^\u0000-\u007f\ufffd]/.test(name));
    if (first === undefined || context.value('names') === undefined) return [];
    const message =
      'A name has letters beyond ASCII: to draw it, Ultralytics loads the font Arial.Unicode.ttf (23 MB) from the internet once, and without a connection the letters are missing.';
    return [problemAt(context, 'DATA030', 'information', first.value, message)];
  },
};

function listItem(name: string): string {
  return /^[A-Za-z_][\w .-]*$/.test(name) && !/^(?:y|n|yes|no|on|off|true|false|null|none)$/i.test(name)
    ? name
    : JSON.stringify(name);
}
