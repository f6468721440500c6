import { CommandFailure } from './run';

/** Splits arguments into one-letter flags and the rest; `--` ends the flags. An unknown flag is refused. */
export function splitFlags(args: readonly string[], known: string): { flags: Set<string>; rest: string[] } {
  const flags = new Set<string>();
  const rest: string[] = [];
  let open = true;
  for (const arg of args) {
    if (open && arg === '--') open = false;
    else if (open && arg.startsWith('-') && arg !== '-') {
      for (const flag of arg.slice(1)) {
        if (!known.includes(flag)) throw new CommandFailure(`invalid option -- '${flag}'`);
        flags.add(flag);
      }
    } else rest.push(arg);
  }
  return { flags, rest };
}
