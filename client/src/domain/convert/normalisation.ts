/**
 * How every Ultralytics model is fed: pixel / 255, no offset. The conversion and the MUD must say the same
 * (spec conversion.md 1.3), so both take it from here.
 */
export const INPUT_MEAN: readonly [number, number, number] = [0, 0, 0];
export const INPUT_SCALE: readonly [number, number, number] = [1 / 255, 1 / 255, 1 / 255];
