/** Advance widths of DejaVu Sans in em, by kinds of letters: enough to place text, not to set it. */
const THIN = new Set("ijlI.,:;|'! ");
const NARROW = new Set('frt()[]-·');
const WIDE = new Set('mwMW@%—…');

/** Width of a text in pixels, rather a little too wide than too narrow. */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0;
    if (THIN.has(letter)) em += 0.34;
    else if (NARROW.has(letter)) em += 0.43;
    else if (WIDE.has(letter) || code > 0x2fff) em += 1;
    else em += letter === letter.toLowerCase() ? 0.62 : 0.74;
  }
  return em * size;
}

/** The text, cut with an ellipsis where it is wider than `width` pixels. */
export function fitText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  const letters = Array.from(text);
  while (letters.length > 0 && textWidth(`${letters.join('')}…`, size) > width) letters.pop();
  return `${letters.join('')}…`;
}

/** Text for XML: model names and labels are data, never markup. Control characters, which XML lacks, become blanks. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Far outside every sheet. A rasteriser computes in 16.16 fixed point, and fails on coordinates that do not fit. */
const FARTHEST = 30_000;

/** A number for an attribute: at most two decimals; what is no number becomes 0, what lies far outside comes nearer. */
export function coordinate(value: number): string {
  if (Number.isNaN(value)) return '0';
  return String(Math.round(Math.max(-FARTHEST, Math.min(FARTHEST, value)) * 100) / 100);
}
