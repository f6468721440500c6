/** Quotes one argument for a POSIX shell, so that it arrives as it is whatever it contains. */
function quoteArgument(argument: string): string {
  if (/^[A-Za-z0-9_/.,:=@%+-]+$/.test(argument)) return argument;
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** The command line of an argument array. */
export function quoteCommand(args: readonly string[]): string {
  return args.map(quoteArgument).join(' ');
}
