import { boardKind } from '../../../../server/src/core/board/kinds';
import { TASK_SUFFIX, type RecipeBoard, type RecipeTask } from '../../../../server/src/core/recipe/model';
import { editRecipe } from '../../../../server/src/core/recipe/write';

/** What a new recipe is about. Paths are relative to the recipe, with `/`. */
export interface NewRecipe {
  readonly board: RecipeBoard;
  readonly task: RecipeTask;
  readonly source:
    | {
        /** Dataset YAML; a folder for classify. */
        readonly dataset: string;
        /** Model without the ending of its task: `yolov8n`. Default: `yolov8n`. */
        readonly model?: string | undefined;
      }
    | {
        readonly onnx: string;
        /** Folder of pictures to calibrate with, or the dataset that the model was trained on. */
        readonly pictures: { readonly folder: string } | { readonly dataset: string };
      };
}

const DEFAULT_MODEL = 'yolov8n';

/** The text of a new recipe, with the comments that a first reader needs; values that are defaults anyway are told. */
export function newRecipeText({ board, task, source }: NewRecipe): string {
  const size = boardKind(board).usualSizes[0] ?? { width: 320, height: 224 };
  const head = `# Everything that is decided about this model stands here.
board: ${board}
task: ${task}
`;
  if ('onnx' in source) {
    const text = `${head}
outputs: auto            # where the model is cut: found from the graph

convert:
  precision: int8
`;
    const withModel = editRecipe(text, ['onnx'], source.onnx);
    return 'folder' in source.pictures
      ? editRecipe(withModel, ['convert', 'calibration', 'folder'], source.pictures.folder)
      : editRecipe(withModel, ['dataset'], source.pictures.dataset);
  }
  const text = `${head}
train:
  model: ${source.model ?? DEFAULT_MODEL}${TASK_SUFFIX[task]}
  epochs: 100
  batch: 16              # less needs less memory
  image-size: 640        # pixels
  device: auto           # a GPU where there is one

export:
  size: ${size.width}x${size.height}          # width x height of the model's input, multiples of 32

outputs: auto            # where the model is cut: found from the graph

convert:
  precision: int8
`;
  return editRecipe(text, ['dataset'], source.dataset);
}
