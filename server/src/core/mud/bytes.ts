/**
 * Text as the device sees it: one character per byte (U+0000 to U+00FF). The device compares and stores bytes and never
 * decodes them (spec mud.md 1.2 row 48), so names and values keep their exact bytes until somebody wants to read them.
 */
export type ByteString = string;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Largest number of arguments that `String.fromCharCode` is given at once. */
const CHUNK = 8192;

/** The bytes as a byte string. */
export function byteString(bytes: Uint8Array): ByteString {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}

/** The bytes of a byte string. */
export function bytesOf(text: ByteString): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Ordinary text as the byte string of its UTF-8 form. */
export function fromText(text: string): ByteString {
  return byteString(encoder.encode(text));
}

/** A byte string read as UTF-8; what is not UTF-8 becomes U+FFFD. */
export function toText(text: ByteString): string {
  return utf8.decode(bytesOf(text));
}

/** A byte string read as UTF-8, or null where it is not UTF-8. */
export function toTextOrNull(text: ByteString): string | null {
  try {
    return strictUtf8.decode(bytesOf(text));
  } catch {
    return null;
  }
}
