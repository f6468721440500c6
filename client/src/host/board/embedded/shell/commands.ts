import { fileCommands } from './file-commands';
import { readCommands } from './read-commands';
import { testCommand } from './test-command';
import { runCommandLine, type BoardCommand } from './run';

const shell: BoardCommand = async (args, session, streams) => {
  const flag = args.findIndex((arg) => /^-\w*c$/.test(arg));
  const line = flag === -1 ? undefined : args[flag + 1];
  if (line === undefined) {
    await streams.err('sh: only -c is supported\n');
    return 2;
  }
  const inner = { ...session, ended: false };
  return await runCommandLine(line, inner, streams);
};

const cd: BoardCommand = async ([target = '/root'], session) => {
  const stat = await session.tree.stat(target, session.cwd);
  if (!stat.isDirectory()) throw Object.assign(new Error(target), { code: 'ENOTDIR' });
  session.cwd = session.tree.absolute(target, session.cwd);
  return 0;
};

const echo: BoardCommand = async (args, _, { out }) => {
  const bare = args[0] === '-n';
  await out(`${args.slice(bare ? 1 : 0).join(' ')}${bare ? '' : '\n'}`);
  return 0;
};

const uname: BoardCommand = async (args, session, { out }) => {
  const all: Record<string, string> = { s: 'Linux', n: session.hostname, r: '5.10.4', m: session.machine };
  const flags = args.join('').replaceAll('-', '') || 's';
  const names = flags.includes('a') ? ['s', 'n', 'r', 'm'] : flags.split('');
  await out(`${names.map((name) => all[name] ?? '').join(' ')}\n`);
  return 0;
};

const sleepCommand: BoardCommand = async ([seconds = '0'], { signal }) => {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, Number(seconds) * 1000);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return signal.aborted ? 130 : 0;
};

/** What the embedded board can run, by name. Every other name ends with 127, as in a shell. */
export const commands: Readonly<Record<string, BoardCommand>> = {
  ...fileCommands,
  ...readCommands,
  '[': testCommand,
  test: testCommand,
  sh: shell,
  bash: shell,
  cd,
  echo,
  uname,
  sleep: sleepCommand,
  true: () => Promise.resolve(0),
  ':': () => Promise.resolve(0),
  false: () => Promise.resolve(1),
  pwd: async (_, { cwd }, { out }) => {
    await out(`${cwd}\n`);
    return 0;
  },
  hostname: async (_, { hostname }, { out }) => {
    await out(`${hostname}\n`);
    return 0;
  },
  whoami: async (_, __, { out }) => {
    await out('root\n');
    return 0;
  },
  exit: (args, session) => {
    session.ended = true;
    return Promise.resolve(args[0] === undefined ? session.status : Number(args[0]) & 255);
  },
};
