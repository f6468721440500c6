/** How the device makes a path from a key's value (spec mud.md Appendix B). */
export type PathRule =
  /** MUD folder + `/` + value, always; an absolute value is not found. */
  | 'beside'
  /** An absolute value is taken as it is; any other lies beside the MUD. */
  | 'absolute-or-beside'
  /** A file only where one of that name lies beside the MUD and the value has no comma and no blank; else a list. */
  | 'labels';

export interface FileKey {
  readonly section: 'basic' | 'extra';
  readonly key: string;
  readonly rule: PathRule;
}

const key = (section: FileKey['section'], rule: PathRule, ...names: string[]): FileKey[] =>
  names.map((name) => ({ section, key: name, rule }));

const MODEL_FILES = key('basic', 'absolute-or-beside', 'model', 'model_npu', 'model_vnpu');
const LABELS = key('extra', 'labels', 'labels');

/** Keys of `[extra]` that name files, by `model_type`; the same key is a list of numbers in another class. */
const BY_MODEL_TYPE: Readonly<Record<string, readonly FileKey[]>> = {
  hand_landmarks: key('extra', 'absolute-or-beside', 'detect_model', 'anchors'),
  pp_ocr: key('extra', 'absolute-or-beside', 'rec_model'),
  nanotrack: key('extra', 'beside', 'target_model', 'head_model'),
  whisper: key('extra', 'beside', 'decoder-main', 'decoder-loop', 'positional_embedding', 'tokens'),
  melotts: key('extra', 'beside', 'tokens', 'lexicon', 'static_input', 'encoder'),
};

/** Keys of language and picture-making models, which have no fixed `model_type`; none of them means anything else. */
const LARGE_MODEL_FILES = key(
  'extra',
  'absolute-or-beside',
  'tokens_embed',
  'post_model',
  'vpm_resampler_model',
  'exec_app',
  'post_config_path',
  'tokenizer_dir',
  'text_encoder_model',
  'vae_encoder_model',
  'vae_decoder_model',
  'time_input_txt2img',
  'time_input_img2img',
);

/** The keys of a MUD whose values name files that go to the board with it. */
export function fileKeys(modelType: string | undefined): readonly FileKey[] {
  return [...MODEL_FILES, ...(BY_MODEL_TYPE[modelType ?? ''] ?? []), ...LARGE_MODEL_FILES, ...LABELS];
}
