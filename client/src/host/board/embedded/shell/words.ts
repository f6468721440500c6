/** One simple command: its words and where its output goes. */
export interface SimpleCommand {
  readonly words: readonly string[];
  readonly redirects: readonly Redirect[];
}

export interface Redirect {
  readonly stream: 'out' | 'err';
  /** A file, or the other stream (`2>&1`). */
  readonly target: { readonly file: string; readonly append: boolean } | 'out' | 'err';
}

/** Commands with what stands between them: a command runs if the status so far allows it. */
export interface Step {
  readonly when: 'always' | 'success' | 'failure';
  readonly command: SimpleCommand;
}

/** Stands for `$?` in a word until the command runs. */
export const STATUS_MARK = '\0';

/** Text that the shell does not understand; a POSIX shell ends with status 2. */
export class ShellSyntaxError extends Error {}

type Token = { kind: 'word'; text: string } | { kind: 'operator'; text: string };

const OPERATORS = ['2>&1', '1>&2', '2>>', '2>', '>&2', '>>', '>', '&&', '||', ';', '\n', '|', '&', '<', '(', ')'];
const UNSUPPORTED = new Set(['|', '&', '<', '(', ')']);

/**
 * Splits a command line as a POSIX shell does: single and double quotes, backslash, `$NAME` and `${NAME}` from
 * `variables`, comments, `&&`, `||`, `;`, line feeds, output redirection. Pipes, background jobs, sub-shells, input
 * redirection and wildcards are not part of the embedded board's shell; the first four are refused by name.
 */
export function parseCommandLine(line: string, variables: Readonly<Record<string, string>> = {}): Step[] {
  const steps: Step[] = [];
  let words: string[] = [];
  let redirects: Redirect[] = [];
  let when: Step['when'] = 'always';
  const tokens = tokenize(line, variables);
  const finish = (operator: string): void => {
    if (words.length === 0 && redirects.length === 0) {
      if (operator !== ';' && operator !== '\n' && operator !== '') throw unexpected(operator);
      return;
    }
    steps.push({ when, command: { words, redirects } });
    words = [];
    redirects = [];
  };
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token === undefined) break;
    if (token.kind === 'word') {
      words.push(token.text);
    } else if (token.text.includes('>')) {
      const next = tokens[index + 1];
      const redirect = redirectOf(token.text, next?.kind === 'word' ? next.text : undefined);
      if (typeof redirect.target === 'object') index++;
      redirects.push(redirect);
    } else {
      if (UNSUPPORTED.has(token.text)) throw unexpected(token.text);
      finish(token.text);
      when = token.text === '&&' ? 'success' : token.text === '||' ? 'failure' : 'always';
    }
  }
  if (words.length === 0 && redirects.length === 0 && when !== 'always') {
    throw new ShellSyntaxError('syntax error: unexpected end of file');
  }
  finish('');
  return steps;
}

function redirectOf(operator: string, file: string | undefined): Redirect {
  if (operator === '2>&1') return { stream: 'err', target: 'out' };
  if (operator === '1>&2' || operator === '>&2') return { stream: 'out', target: 'err' };
  if (file === undefined) throw unexpected('newline');
  return { stream: operator.startsWith('2') ? 'err' : 'out', target: { file, append: operator.endsWith('>>') } };
}

function tokenize(line: string, variables: Readonly<Record<string, string>>): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    const operator = OPERATORS.find((text) => line.startsWith(text, at));
    if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator });
      at += operator.length;
    } else if (line[at] === ' ' || line[at] === '\t') {
      at++;
    } else if (line[at] === '#') {
      while (at < line.length && line[at] !== '\n') at++;
    } else {
      const word = readWord(line, at, variables);
      // An unquoted variable that is empty is no word at all.
      if (word.text !== '' || word.quoted) tokens.push({ kind: 'word', text: word.text });
      at = word.end;
    }
  }
  return tokens;
}

function readWord(
  line: string,
  start: number,
  variables: Readonly<Record<string, string>>,
): { text: string; end: number; quoted: boolean } {
  let text = '';
  let at = start;
  let quoted = false;
  let inDouble = false;
  while (at < line.length) {
    const char = line[at] ?? '';
    if (!inDouble && (' \t\n;|&<>()'.includes(char) || (char === '#' && at === start))) break;
    if (char === "'" && !inDouble) {
      const close = line.indexOf("'", at + 1);
      if (close === -1) throw new ShellSyntaxError('syntax error: unterminated quoted string');
      text += line.slice(at + 1, close);
      quoted = true;
      at = close + 1;
    } else if (char === '"') {
      inDouble = !inDouble;
      quoted = true;
      at++;
    } else if (char === '\\') {
      const next = line[at + 1] ?? '';
      // A backslash before a line feed joins the lines.
      if (next !== '\n') text += inDouble && !'"\\$`'.includes(next) ? `\\${next}` : next;
      at += 2;
    } else if (char === '$') {
      const match = /^\$(?:\{(\w+)\}|([A-Za-z_]\w*|\?))/.exec(line.slice(at));
      const name = match?.[1] ?? match?.[2];
      text += name === undefined ? '$' : name === '?' ? STATUS_MARK : (variables[name] ?? '');
      at += match?.[0].length ?? 1;
    } else if (char === '~' && at === start && /^~(?=\/|$|[\s;&|])/.test(line.slice(at))) {
      text += variables.HOME ?? '~';
      at++;
    } else {
      text += char;
      at++;
    }
  }
  if (inDouble) throw new ShellSyntaxError('syntax error: unterminated quoted string');
  return { text, end: at, quoted };
}

function unexpected(text: string): ShellSyntaxError {
  return new ShellSyntaxError(`syntax error: unexpected "${text === '\n' ? 'newline' : text}"`);
}
