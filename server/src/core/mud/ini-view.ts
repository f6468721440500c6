import { parse } from 'ini';

/** What programs that read a MUD with the `ini` package see (spec mud.md 1.2, last column). */
export interface IniView {
  /** Null where they see no such section. */
  has(section: string): boolean;
  /** As text; null where they see no such key. */
  value(section: string, key: string): string | null;
}

/** Reads a text as the `ini` package does: `;` comments, quotes, last duplicate wins, headers alone on their line. */
export function iniView(text: string): IniView {
  const root: Readonly<Record<string, unknown>> = parse(text);
  const sectionOf = (name: string): unknown => (Object.hasOwn(root, name) ? root[name] : undefined);
  return {
    has: (section) => typeof sectionOf(section) === 'object',
    value: (section, key) => {
      const found = sectionOf(section);
      if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return null;
      const value = (found as Readonly<Record<string, unknown>>)[key];
      return typeof value === 'string' ? value : JSON.stringify(value);
    },
  };
}
