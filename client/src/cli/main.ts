import { commands } from './commands';
import { runProgram } from './runtime';

// The status is set, not exit() called: stdout may be a pipe that still drains.
void runProgram(process.argv.slice(2), commands).then((code) => {
  // Set already where the output could not be written.
  process.exitCode ??= code;
});
