import { CommandFailure, type BoardCommand, type ShellSession } from './run';

/** `test` and `[`: file tests, string and number comparison, `!`. */
export const testCommand: BoardCommand = async (args, session) => {
  const words = args.at(-1) === ']' ? args.slice(0, -1) : args;
  return (await holds(words, session)) ? 0 : 1;
};

async function holds(words: readonly string[], session: ShellSession): Promise<boolean> {
  const [first, second, third] = words;
  if (first === undefined) return false;
  if (first === '!') return !(await holds(words.slice(1), session));
  if (second === undefined) return first !== '';
  if (third === undefined) return await unary(first, second, session);
  switch (second) {
    case '=':
      return first === third;
    case '!=':
      return first !== third;
    case '-eq':
      return Number(first) === Number(third);
    case '-gt':
      return Number(first) > Number(third);
    case '-lt':
      return Number(first) < Number(third);
    default:
      throw new CommandFailure(`${second}: unknown operand`, 2);
  }
}

async function unary(flag: string, name: string, { tree, cwd }: ShellSession): Promise<boolean> {
  if (flag === '-n') return name !== '';
  if (flag === '-z') return name === '';
  const stat = await (flag === '-L' ? tree.lstat(name, cwd) : tree.stat(name, cwd)).catch(() => null);
  switch (flag) {
    case '-e':
    case '-r':
      return stat !== null;
    case '-w':
      // access(2) answers EROFS on a read-only file system, to root too.
      return stat !== null && !tree.readOnly;
    case '-f':
      return stat?.isFile() === true;
    case '-d':
      return stat?.isDirectory() === true;
    case '-L':
      return stat?.isSymbolicLink() === true;
    case '-s':
      return stat !== null && stat.size > 0;
    case '-x':
      return stat !== null && (stat.mode & 0o111) !== 0;
    default:
      throw new CommandFailure(`${flag}: unknown operand`, 2);
  }
}
