import { stringify } from 'yaml';

/**
 * A text as a YAML value on one line that reads back as the same text: plain where it can be, else quoted. `quote`: the
 * quotes that stand there already; `flow`: within brackets or braces.
 */
export function scalarText(value: string, quote: '' | '"' | "'" = '', flow = false): string {
  if (quote === '"' || /[\r\n]/.test(value)) return JSON.stringify(value);
  if (quote === "'") return `'${value.replaceAll("'", "''")}'`;
  const written = stringify(value, { lineWidth: 0 }).trimEnd();
  return written.includes('\n') || (flow && /[,[\]{}]/.test(written)) ? JSON.stringify(value) : written;
}
