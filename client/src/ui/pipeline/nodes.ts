import type * as vscode from 'vscode';
import type { StepName } from '../../domain/pipeline/steps';

/** What the pipeline view hands to the commands of its menus: one row, with no state that could be out of date. */
export type PipelineNode = RecipeNode | StepNode;

export interface RecipeNode {
  readonly kind: 'recipe';
  readonly recipe: vscode.Uri;
}

export interface StepNode {
  readonly kind: 'step';
  readonly recipe: vscode.Uri;
  readonly step: StepName;
}

/** Why a recipe cannot be read; stands where its steps would. */
export interface ProblemNode {
  readonly kind: 'problem';
  readonly recipe: vscode.Uri;
}

/** Any row of the view. */
export type TreeNode = PipelineNode | ProblemNode;

/** Whether a command's argument is a row of the pipeline view: commands are also called with files, or nothing. */
export function isPipelineNode(value: unknown): value is PipelineNode {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return value.kind === 'recipe' || value.kind === 'step';
}

/** Whether it is any row, also one that stands for a problem. */
export function isTreeNode(value: unknown): value is TreeNode {
  if (isPipelineNode(value)) return true;
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'problem';
}

/** Identity of a row across refreshes and sessions: keeps selection and what is unfolded. */
export function nodeId(node: TreeNode): string {
  const recipe = node.recipe.toString();
  if (node.kind === 'recipe') return recipe;
  return node.kind === 'step' ? `${recipe}#${node.step}` : `${recipe}#problem`;
}
