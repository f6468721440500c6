import type { ModelClass } from '../../board/accept/request';
import type { ByteSource } from '../../ports';
import type { OnnxModel, Shape, ValueInfo } from '../model';
import { inferShapes, type ShapeTable } from '../shapes/infer';
import { findAnchorFree } from './anchor-free';
import { findAnchors } from './anchors';
import { findClassifier } from './classifier';
import { anchorFamily, anchorFreeFamily } from './family';
import { GraphIndex } from './graph-index';
import type { Era, Family, Head, ImageSize } from './head';

/** A model whose graph was looked through. */
export interface RecognizedModel {
  /** Null: no head that is known here. No guess is made. */
  readonly head: Head | null;
  /** Shapes for the declared input size, or for an assumed one where `openInput` is true. */
  readonly shapes: ShapeTable;
  readonly image: ValueInfo | null;
  /** True: batch, height or width of the input is not fixed in the file. */
  readonly openInput: boolean;
}

/** Size that is assumed where a graph leaves its own open and its metadata does not say. */
const ASSUMED_SIDE = 640;

/**
 * Recognises the head of a model by topology and shapes; names and metadata only name the family where the structure
 * leaves a choice.
 *
 * Source: conversion.md 6 (all), toolchain.md 3.
 */
export function recognizeModel(model: OnnxModel, source: ByteSource): RecognizedModel {
  const image = imageInput(model);
  const declared = image?.shape ?? null;
  const openInput = declared !== null && !declared.every((dimension) => typeof dimension === 'number');
  const assumed = openInput && image !== null ? new Map([[image.name, assumedShape(model, declared)]]) : null;
  const shapes = inferShapes(model, source, assumed === null ? {} : { inputs: assumed });
  const head = findHead(model, source, shapes, image, openInput);
  return { head, shapes, image, openInput };
}

/** The first input with four dimensions that is not a weight. */
function imageInput(model: OnnxModel): ValueInfo | null {
  const { inputs, initializers } = model.graph;
  return inputs.find((input) => input.shape?.length === 4 && !initializers.has(input.name)) ?? null;
}

function assumedShape(model: OnnxModel, declared: Shape): Shape {
  const [height = ASSUMED_SIDE, width = height] = (model.metadata.imgsz?.match(/\d+/g) ?? []).map(Number);
  const sizes = [1, 3, height, width];
  return declared.map((dimension, at) => (typeof dimension === 'number' ? dimension : (sizes[at] ?? 1)));
}

function findHead(
  model: OnnxModel,
  source: ByteSource,
  shapes: ShapeTable,
  image: ValueInfo | null,
  openInput: boolean,
): Head | null {
  const [, , height, width] = image === null ? [] : (shapes.fixed(image.name) ?? []);
  if (height === undefined || width === undefined) return null;
  const index = new GraphIndex(model.graph);
  const inputSize: ImageSize | null = openInput ? null : { width, height };
  const stridesOf = (levels: readonly { readonly height: number; readonly width: number }[]): readonly number[] =>
    levels.map((level) => powerOfTwo(height / level.height));

  const free = findAnchorFree(model, index, shapes);
  if (free !== null) {
    const family = anchorFreeFamily(model, shapes, free.regMax);
    return {
      kind: 'anchor-free',
      family,
      decoder: decoderOf(family),
      strides: stridesOf(free.levels),
      inputSize,
      ...free,
    };
  }
  const anchors = findAnchors(model, source, index, shapes);
  if (anchors !== null) {
    return {
      kind: 'anchors',
      family: anchorFamily(model, shapes),
      decoder: 'yolov5',
      era: 'yolov5',
      endToEnd: false,
      strides: stridesOf(anchors.levels),
      inputSize,
      ...anchors,
    };
  }
  const classifier = findClassifier(model, index, shapes);
  if (classifier === null) return null;
  return {
    kind: 'classifier',
    family: 'classifier',
    decoder: 'classifier',
    task: 'classify',
    era: classifierEra(model.metadata.version),
    endToEnd: false,
    embeddedNms: false,
    strides: [],
    inputSize,
    ...classifier,
  };
}

function decoderOf(family: Family): ModelClass {
  if (family === 'yolo26') return 'yolo26';
  return family === 'yolo11' || family === 'yolo12' ? 'yolo11' : 'yolov8';
}

function classifierEra(version: string | undefined): Era {
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version ?? '') ?? [];
  if (major !== '8' || minor === undefined) return 'unknown';
  return Number(minor) >= 4 ? 'ultralytics-8.4' : 'ultralytics-8.3';
}

/** Sides that are not multiples of the stride leave a ratio a little below it. */
function powerOfTwo(ratio: number): number {
  return 2 ** Math.round(Math.log2(ratio));
}
