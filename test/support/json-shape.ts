import assert from 'node:assert/strict';

/** Says, by throwing, that a value has not the shape; `where` names the value in the message. */
export type Shape = (value: unknown, where: string) => void;

const ofType =
  (type: 'string' | 'number' | 'boolean'): Shape =>
  (value, where) =>
    assert.equal(typeof value, type, `${where} is ${JSON.stringify(value)}`);

export const text = ofType('string');
export const number = ofType('number');
export const flag = ofType('boolean');

export function oneOf(...values: readonly unknown[]): Shape {
  return (value, where) => assert.ok(values.includes(value), `${where} is ${JSON.stringify(value)}`);
}

export function nullable(shape: Shape): Shape {
  return (value, where) => {
    if (value !== null) shape(value, where);
  };
}

export function either(...shapes: readonly Shape[]): Shape {
  return (value, where) => {
    const failures: string[] = [];
    for (const shape of shapes) {
      try {
        shape(value, where);
        return;
      } catch (error) {
        failures.push((error as Error).message);
      }
    }
    assert.fail(failures.join('; '));
  };
}

/** A list; `atLeast` keeps an empty one from passing where something has to be in it. */
export function list(shape: Shape, atLeast = 1): Shape {
  return (value, where) => {
    assert.ok(Array.isArray(value), `${where} is no list`);
    assert.ok(value.length >= atLeast, `${where} has ${value.length} entries`);
    value.forEach((item, index) => shape(item, `${where}[${index}]`));
  };
}

/** An object that has these keys; further keys are allowed, as in cli.md ("add fields freely, rename none"). */
export function object(keys: Readonly<Record<string, Shape>>): Shape {
  return (value, where) => {
    assert.ok(isObject(value), `${where} is no object: ${JSON.stringify(value)}`);
    for (const [key, shape] of Object.entries(keys)) {
      assert.ok(key in value, `${where} has no "${key}", only ${Object.keys(value).join(', ')}`);
      shape(value[key], `${where}.${key}`);
    }
  };
}

/** An object with keys of any name. */
export function mapOf(shape: Shape): Shape {
  return (value, where) => {
    assert.ok(isObject(value), `${where} is no object`);
    for (const [key, item] of Object.entries(value)) shape(item, `${where}.${key}`);
  };
}

export function assertShape(value: unknown, shape: Shape): void {
  shape(value, 'document');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
