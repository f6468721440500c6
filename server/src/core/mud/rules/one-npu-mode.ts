import { modelItems } from './model-files';
import { type MudRule, problem } from './rule';

/** MUD022: MaixCAM2 takes another model file when AI-ISP is switched. */
export const oneNpuMode: MudRule = {
  code: 'MUD022',
  stage: 'runtime',
  mistakes: [20],
  check(context) {
    if (context.chip !== 'maixcam2' || modelItems(context).length !== 1) return [];
    const [item] = modelItems(context);
    if (item === undefined || item.key.text === 'model') return [];
    // Language models read model_npu only.
    if (context.modelClass?.['recognised-by'] !== undefined) return [];
    const other = item.key.text === 'model_npu' ? 'model_vnpu' : 'model_npu';
    if (context.item('basic', other) === undefined && context.meant('basic', other)) return [];
    const message =
      other === 'model_vnpu'
        ? 'While AI-ISP is on, which is its usual state, the board cannot load this model: `model_vnpu` is missing. Convert for NPU1 too and name that file.'
        : 'While AI-ISP is off, the board cannot load this model: `model_npu` is missing. Convert for NPU2 too and name that file.';
    return [problem(context, 'MUD022', 'warning', item.key, message)];
  },
};
