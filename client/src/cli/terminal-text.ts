/** C0 without TAB and LF, DEL, and C1: what a terminal obeys instead of showing. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Text for a terminal. Names and messages of models, boards and tools are data (spec decisions.md 6): a control
 * character in them is shown as `\x1b`, so that it cannot move the cursor, set the title or hide other text.
 */
export function terminalText(text: string): string {
  return text.replace(CONTROLS, (char) => `\\x${hex(char, 2)}`);
}

/** The same for text that has to stay in one line. */
export function terminalLine(text: string): string {
  return terminalText(text.replace(/[\t\n]+/g, ' '));
}

/** JSON in which no control character is left, C1 included, which JSON itself would allow. */
export function terminalJson(value: unknown, indent?: number): string {
  // Between the values JSON has nothing but ASCII, and inside a string `\u` means the same character.
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f]/g, (char) => `\\u${hex(char, 4)}`);
}

function hex(char: string, digits: number): string {
  return char.charCodeAt(0).toString(16).padStart(digits, '0');
}
