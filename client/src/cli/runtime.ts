import { Command, Option, type CommanderError } from 'commander';
import { version } from '../../../package.json';
import type { Progress } from '../host/process/progress';
import { watchOutput } from './output-streams';
import { progressWriter, type ProgressStyle } from './progress';
import { ExitCode, failureOf, type CommandResult } from './result';
import { terminalJson, terminalText } from './terminal-text';

/** What a command may use of the terminal. */
export interface CommandContext {
  /** Aborted on Ctrl-C; a command that starts something passes it on. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** True where stdin and stdout are a terminal, so that a question can be asked. */
  readonly interactive: boolean;
  /**
   * Writes one line for a person at once, for commands that keep running: on stdout, or under `--json` on stderr, there
   * as `{"say": "…"}` where every line is JSON (`--progress json`).
   */
  readonly say: (line: string) => void;
  /** Prints the command's document now, for a command that then keeps running and gives no result at its end. */
  publish(result: CommandResult): void;
}

/**
 * Adds one command to the program. One file in `commands/` each, listed in `commands/index.ts`; it imports what the
 * command does (`work/`) when it runs, so that no command waits for the others' code.
 */
export type RegisterCommand = (program: Command, run: RunCommand) => void;

/** Runs a command's work and prints its result in the form that the person asked for. */
export type RunCommand = (work: (context: CommandContext) => Promise<CommandResult | undefined>) => Promise<void>;

/** Ctrl-C, a polite end, and a terminal that was closed: each cancels cleanly. */
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface GlobalOptions {
  readonly json?: boolean;
  readonly progress?: 'json' | 'plain' | 'bar';
}

const EXAMPLES = `
Examples:
  maixcam new shapes                         a sample: pictures and a recipe
  maixcam run shapes/shapes.maixcam.yaml     from pictures to a converted model
  maixcam push shapes/shapes.maixcam.yaml --host 10.108.125.1`;

/** Builds the program, runs it on `argv` (without node and script) and gives the exit status. */
export async function runProgram(argv: readonly string[], register: readonly RegisterCommand[]): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.Done;
  const abort = new AbortController();
  const onInterrupt = (): void => abort.abort();
  for (const name of INTERRUPTS) process.on(name, onInterrupt);
  watchOutput(process.stdout, process.stderr, onInterrupt);
  const jsonLines = asksForJsonLines(argv);

  const program = new Command('maixcam')
    .description('From labelled pictures to a model that provably runs on a Sipeed MaixCAM.')
    .showHelpAfterError('(add --help for the options)')
    .version(version, '-V, --version', 'print the version')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput(jsonLines ? { writeErr: () => undefined } : {})
    .configureHelp({ showGlobalOptions: true });

  const run: RunCommand = async (work) => {
    const options = program.opts<GlobalOptions>();
    const json = options.json === true;
    const style: ProgressStyle = options.progress ?? (process.stderr.isTTY ? 'bar' : 'plain');
    const progress = progressWriter(style, process.stderr);
    const publish = (result: CommandResult): void => {
      progress.end();
      process.stdout.write(json ? `${terminalJson(result.json, 2)}\n` : ensureLine(terminalText(result.text)));
    };
    const context: CommandContext = {
      publish,
      signal: abort.signal,
      progress,
      cwd: process.cwd(),
      env: process.env,
      interactive: process.stdin.isTTY && process.stdout.isTTY,
      say: (line) => {
        progress.end();
        if (json && jsonLines) process.stderr.write(`${terminalJson({ say: line })}\n`);
        else (json ? process.stderr : process.stdout).write(`${terminalText(line)}\n`);
      },
    };
    try {
      const result = await work(context);
      if (result !== undefined) publish(result);
      exitCode = result?.exitCode ?? ExitCode.Done;
    } catch (thrown) {
      progress.end();
      const failure = failureOf(thrown);
      if (process.env.MAIXCAM_DEBUG === '1') {
        const stack = String((thrown as Error).stack);
        process.stderr.write(`${jsonLines ? terminalJson({ debug: stack }) : terminalText(stack)}\n`);
      }
      if (json) process.stdout.write(`${terminalJson(failure.json, 2)}\n`);
      else process.stderr.write(`${jsonLines ? terminalJson(failure.json) : terminalText(failure.text)}\n`);
      exitCode = failure.exitCode;
    }
  };

  for (const add of register) add(program, run);
  addGlobalOptions(program);
  for (const command of program.commands) addGlobalOptions(command, program);

  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (thrown) {
    // commander has already printed its message; help and version exit with 0.
    const code = (thrown as { exitCode?: number }).exitCode;
    if (code === undefined) throw thrown;
    exitCode = code === 0 ? ExitCode.Done : ExitCode.Usage;
    if (exitCode === ExitCode.Usage) {
      const message = usageMessage(thrown as CommanderError);
      const document = { error: { code: 'USAGE', message, hint: usageHint(thrown as CommanderError) } };
      if (argv.includes('--json')) process.stdout.write(`${terminalJson(document, 2)}\n`);
      else if (jsonLines) process.stderr.write(`${terminalJson(document)}\n`);
    }
  } finally {
    for (const name of INTERRUPTS) process.off(name, onInterrupt);
  }
  return exitCode;
}

/** `--progress json`, known before the command line is understood: its mistakes are told as JSON lines too. */
function asksForJsonLines(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) => word === '--progress=json' || (word === '--progress' && argv[index + 1] === 'json'),
  );
}

/** What was wrong with the command line, as one sentence. */
function usageMessage({ code, message }: CommanderError): string {
  // Without a command commander prints the help, and its message is a placeholder.
  if (code === 'commander.help') return 'No command was given.';
  const [first = ''] = message.replace(/^error: /, '').split('\n');
  return `${first.charAt(0).toUpperCase()}${first.slice(1)}${/[.?]$/.test(first) ? '' : '.'}`;
}

function usageHint({ code }: CommanderError): string {
  return code === 'commander.help' || code === 'commander.unknownCommand'
    ? '`maixcam --help` lists the commands.'
    : 'Add --help to the command to see its options.';
}

/** The global options are understood before and after the command's name. */
function addGlobalOptions(command: Command, program?: Command): void {
  command.addOption(new Option('--json', 'print exactly one JSON document on stdout'));
  command.addOption(new Option('--progress <style>', 'progress on stderr').choices(['bar', 'plain', 'json']));
  if (program === undefined) return;
  command.exitOverride().hook('preAction', (_, action) => {
    for (const [key, value] of Object.entries(action.opts<GlobalOptions>())) {
      if (key === 'json' || key === 'progress') program.setOptionValue(key, value);
    }
  });
}

function ensureLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
