/**
 * The two WHATWG encoding classes. They exist in browsers, workers and Node alike; the pure core compiles without
 * DOM and Node types, so the little it uses is declared here.
 */
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array, options?: { stream?: boolean }): string;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array;
}
