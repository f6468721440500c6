/**
 * Arithmetic of the device, which computes in float32 without fused operations: every step is rounded. Its `expf` may
 * differ from this one in the last bit.
 */
export const f32 = Math.fround;

/** 1 / (1 + e^-x) in float32. */
export function sigmoid(x: number): number {
  return f32(1 / f32(1 + f32(Math.exp(f32(-x)))));
}
