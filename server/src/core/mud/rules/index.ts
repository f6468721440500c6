import { behindHeader } from './behind-header';
import { closingBracket } from './closing-bracket';
import { cutValue } from './cut-value';
import { keyTwice } from './key-twice';
import { keyValue } from './key-value';
import { oddCharacters } from './odd-characters';
import { quotedValue } from './quoted-value';
import { sectionName } from './section-name';
import { sectionTwice } from './section-twice';
import { semicolonComment } from './semicolon-comment';
import { semicolonKey } from './semicolon-key';
import type { MudRule } from './rule';

/** Every rule that needs only the text and the files beside it, in the order of their codes. */
export const mudRules: readonly MudRule[] = [
  keyValue,
  closingBracket,
  sectionName,
  sectionTwice,
  behindHeader,
  keyTwice,
  semicolonKey,
  semicolonComment,
  cutValue,
  quotedValue,
  oddCharacters,
];
