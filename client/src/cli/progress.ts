import type { Progress, ProgressEvent } from '../host/process/progress';
import { terminalJson, terminalLine } from './terminal-text';

export type ProgressStyle = 'bar' | 'plain' | 'json';

const BAR_CELLS = 24;

/**
 * Writes progress to stderr: a bar that redraws itself on a terminal, a line per change otherwise, one JSON object a
 * line with `--progress json` (spec cli.md).
 */
export function progressWriter(
  style: ProgressStyle,
  stream: Pick<NodeJS.WriteStream, 'write' | 'columns'>,
): Progress & { end(): void } {
  let lastLine = '';
  let open = false;
  return {
    report(event: ProgressEvent): void {
      if (style === 'json') {
        stream.write(`${terminalJson(event)}\n`);
        return;
      }
      const line = style === 'bar' ? barLine(event, stream.columns) : terminalLine(plainLine(event));
      if (line === lastLine) return;
      lastLine = line;
      if (style === 'bar') {
        stream.write(`\r\u001b[K${line}`);
        open = true;
      } else stream.write(`${line}\n`);
    },
    end(): void {
      if (open) stream.write('\r\u001b[K');
      open = false;
      lastLine = '';
    },
  };
}

function barLine(event: ProgressEvent, columns: number): string {
  const filled = event.fraction === null ? 0 : Math.round(event.fraction * BAR_CELLS);
  const bar = event.fraction === null ? '' : `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} `;
  return terminalLine(`${event.step}: ${bar}${event.message}`).slice(0, Math.max(20, (columns || 80) - 1));
}

/** Tenths are enough for a log: a line for each would drown what matters. */
function plainLine(event: ProgressEvent): string {
  const tenth = event.fraction === null ? '' : ` ${Math.floor(event.fraction * 10) * 10}%`;
  return event.stage === undefined ? `${event.step}:${tenth}` : `${event.step}: ${event.stage}${tenth}`;
}
