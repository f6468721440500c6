/** An ONNX file of one node, y = x + x on two floats (IR 8, opset 17): enough to see whether a runtime works at all. */
export const PROBE_MODEL: Uint8Array = Uint8Array.from(
  Buffer.from('CAgSADo5Cg4KAXgKAXgSAXkiA0FkZBIFcHJvYmVaDwoBeBIKCggIARIECgIIAmIPCgF5EgoKCAgBEgQKAggCQgQKABAR', 'base64'),
);

/** Whether the answer to x = [1, 2] is [2, 4]. */
export function probeAnswerIsRight(data: unknown): boolean {
  return data instanceof Float32Array && data.length === 2 && data[0] === 2 && data[1] === 4;
}
