/** What PyYAML's SafeLoader makes of a scalar: the trainer reads YAML 1.1. */
export type ScalarType = 'null' | 'bool' | 'int' | 'float' | 'date' | 'str';

export interface PyScalar {
  readonly type: ScalarType;
  readonly value: string | number | boolean | null;
  /** What `str()` of the value gives in Python: class names end as text. */
  readonly text: string;
}

const NULL = /^(?:~|null|Null|NULL|)$/;
const TRUE = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const BINARY = /^[-+]?0b[0-1_]+$/;
const OCTAL = /^[-+]?0[0-7_]+$/;
const DECIMAL = /^[-+]?(?:0|[1-9][0-9_]*)$/;
const HEXADECIMAL = /^[-+]?0x[0-9a-fA-F_]+$/;
const SEXAGESIMAL = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/;
const FLOAT = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/;
const SEXAGESIMAL_FLOAT = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/;
const INFINITY = /^[-+]?\.(?:inf|Inf|INF)$/;
const NOT_A_NUMBER = /^\.(?:nan|NaN|NAN)$/;
const DATE = /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?$/;

/** A quoted scalar, or one with the tag of a text. */
export function textScalar(text: string): PyScalar {
  return { type: 'str', value: text, text };
}

/** A scalar without quotes, by the patterns of PyYAML's resolver (spec dataset-and-training.md 1.1, 1.4). */
export function plainScalar(source: string): PyScalar {
  if (NULL.test(source)) return { type: 'null', value: null, text: 'None' };
  if (TRUE.test(source)) return { type: 'bool', value: true, text: 'True' };
  if (FALSE.test(source)) return { type: 'bool', value: false, text: 'False' };
  const whole = wholeNumber(source);
  if (whole !== null) return { type: 'int', value: whole, text: String(whole) };
  const fraction = floatNumber(source);
  if (fraction !== null) return { type: 'float', value: fraction, text: floatText(fraction) };
  if (DATE.test(source)) return { type: 'date', value: source, text: source };
  return textScalar(source);
}

function wholeNumber(source: string): number | null {
  const sign = source.startsWith('-') ? -1 : 1;
  const digits = source.replace(/^[-+]/, '').replaceAll('_', '');
  if (BINARY.test(source)) return sign * parseInt(digits.slice(2), 2);
  if (HEXADECIMAL.test(source)) return sign * parseInt(digits.slice(2), 16);
  if (OCTAL.test(source)) return sign * parseInt(digits, 8);
  if (DECIMAL.test(source)) return sign * parseInt(digits, 10);
  if (SEXAGESIMAL.test(source)) return sign * sexagesimal(digits);
  return null;
}

function floatNumber(source: string): number | null {
  const sign = source.startsWith('-') ? -1 : 1;
  if (INFINITY.test(source)) return sign * Infinity;
  if (NOT_A_NUMBER.test(source)) return NaN;
  if (FLOAT.test(source)) return Number(source.replaceAll('_', ''));
  if (SEXAGESIMAL_FLOAT.test(source)) return sign * sexagesimal(source.replace(/^[-+]/, '').replaceAll('_', ''));
  return null;
}

function sexagesimal(digits: string): number {
  return digits.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}
