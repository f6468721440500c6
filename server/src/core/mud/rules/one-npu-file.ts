import { type MudRule, problem } from './rule';

/** MUD023: a file for the whole NPU is refused while AI-ISP is on; one for half of it works in both states. */
export const oneNpuFile: MudRule = {
  code: 'MUD023',
  stage: 'runtime',
  mistakes: [21],
  check(context) {
    const npu = context.item('basic', 'model_npu');
    const vnpu = context.item('basic', 'model_vnpu');
    if (context.chip !== 'maixcam2' || npu === undefined || vnpu === undefined) return [];
    if (npu.value.text === '' || npu.value.text !== vnpu.value.text) return [];
    const message =
      'Both NPU modes name the same file. That works only if it was converted for NPU1: a file for NPU2 is refused while AI-ISP is on.';
    return [problem(context, 'MUD023', 'information', vnpu.value, message)];
  },
};
