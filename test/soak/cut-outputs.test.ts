import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { openEngine, type Engine } from '../../client/src/host/engine/engine';
import { verifyCut } from '../../client/src/host/engine/verify';
import type { CutOutput } from '../../server/src/core/onnx/cut/outputs';
import { planCut } from '../../server/src/core/onnx/cut/plan';
import { inferShapes } from '../../server/src/core/onnx/shapes/infer';
import { AppError } from '../../server/src/core/problems/app-error';
import { writeCut } from '../../server/src/node/write-cut';
import { engineChild } from '../support/bundles';
import { campaign, type Random } from '../support/campaign';
import { onnxFixture, onnxFixtureNames, type OnnxFixture } from '../support/onnx-fixtures';
import { useTempFolder } from '../support/temp-folder';

/** The large ones show nothing that the others do not, and take a second each. */
const TOO_LARGE = /yolo12-detect|yolov9-detect/;

interface Candidates {
  readonly fixture: OnnxFixture;
  readonly shapes: ReturnType<typeof inferShapes>;
  /** Computed tensors. */
  readonly tensors: readonly string[];
  /** Tensors of four dimensions whose sizes agree in all but the second: they can be joined there. */
  readonly groups: readonly (readonly string[])[];
}

function candidatesOf(name: string): Candidates {
  const fixture = onnxFixture(name);
  const shapes = inferShapes(fixture.model, fixture.source);
  const tensors = fixture.model.graph.nodes.flatMap((node) => node.outputs.filter((output) => output !== ''));
  const groups = new Map<string, string[]>();
  for (const node of fixture.model.graph.nodes) {
    const [output = ''] = node.outputs;
    const shape = shapes.of(output);
    if (node.opType !== 'Conv' || shape?.length !== 4) continue;
    const [batch, , height, width] = shape;
    const key = `${batch} ${height} ${width}`;
    groups.set(key, [...(groups.get(key) ?? []), output]);
  }
  return { fixture, shapes, tensors, groups: [...groups.values()].filter((group) => group.length > 1) };
}

/** One to five tensors, and in some rounds an output that is joined from two or three. */
function drawOutputs({ tensors, groups }: Candidates, random: Random): readonly CutOutput[] {
  const chosen = new Set(Array.from({ length: 1 + random.below(5) }, () => random.pick(tensors)));
  const outputs: CutOutput[] = [...chosen];
  if (groups.length > 0 && random.chance(0.3)) {
    const group = random.pick(groups);
    const parts = Array.from({ length: 2 + random.below(2) }, () => random.pick(group));
    outputs.splice(random.below(outputs.length + 1), 0, { name: 'joined by the soak', axis: 1, parts });
  }
  return outputs;
}

describe('soak: cuts against their originals', () => {
  const temp = useTempFolder();
  const known = new Map<string, Candidates>();
  let names: readonly string[] = [];
  let engine: Engine;
  before(async function () {
    this.timeout(60_000);
    names = onnxFixtureNames('heads').filter((name) => !TOO_LARGE.test(name));
    engine = await openEngine({ childPath: await engineChild(), env: { MAIXCAM_ENGINE: 'native' } });
  });
  after(() => engine.close());

  campaign('cuts to any outputs, run', 800, async ({ random, seed }) => {
    const name = random.pick(names);
    const candidates = known.get(name) ?? candidatesOf(name);
    known.set(name, candidates);
    const { fixture, shapes } = candidates;
    const outputs = drawOutputs(candidates, random);
    const model = temp.file('model.onnx');
    const cut = temp.file('cut.onnx');
    try {
      const plan = planCut(fixture.source, fixture.model, outputs, shapes);
      writeFileSync(model, fixture.bytes);
      await writeCut(plan, model, cut);
    } catch (thrown) {
      // The only right refusal: a constant of the graph.
      assert.ok(thrown instanceof AppError && thrown.code === 'ONNX_OUTPUT_CONSTANT', String(thrown));
      return 'constant refused';
    }
    const result = await verifyCut(cut, model, { engine, seed });
    rmSync(cut);
    assert.equal(result.outputs.length, outputs.length);
    assert.ok(result.identical, `${name}: ${JSON.stringify(result.outputs.filter((output) => !output.identical))}`);
    return outputs.some((output) => typeof output !== 'string') ? 'identical, with a joined output' : 'identical';
  });
});
