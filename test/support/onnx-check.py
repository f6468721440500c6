"""Second opinion on cuts: the ONNX checker, and onnxruntime on cut and original with the same random input.

usage: onnx-check.py CUT ORIGINAL [CUT ORIGINAL ...]
Prints one JSON object a pair: {"outputs": {name: bit for bit equal}, "nodes": N}. Fails where the checker does.
"""

import json
import sys

import numpy as np
import onnx
import onnxruntime as ort

OPTIONS = ort.SessionOptions()
OPTIONS.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
OPTIONS.log_severity_level = 3


def compare(cut_path, original_path):
    onnx.checker.check_model(cut_path, full_check=True)
    cut, original = onnx.load(cut_path), onnx.load(original_path)
    made_there = {name for node in original.graph.node for name in node.output}
    declared = {output.name for output in original.graph.output}
    sources = {}
    for output in cut.graph.output:
        node = next(node for node in cut.graph.node if output.name in node.output)
        sources[output.name] = [output.name] if output.name in made_there else list(node.input)
    for name in dict.fromkeys(part for parts in sources.values() for part in parts):
        if name not in declared:
            original.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
    left = ort.InferenceSession(cut_path, OPTIONS)
    right = ort.InferenceSession(original.SerializeToString(), OPTIONS)
    random = np.random.default_rng(3)
    feeds = {value.name: random.random(value.shape, dtype=np.float32) for value in right.get_inputs()}
    taken = {value.name: feeds[value.name] for value in left.get_inputs()}
    results = dict(zip(sources, left.run(list(sources), taken)))
    names = list(dict.fromkeys(part for parts in sources.values() for part in parts))
    wanted = dict(zip(names, right.run(names, feeds)))
    equal = {}
    for name, parts in sources.items():
        joined = np.concatenate([wanted[part] for part in parts], axis=1) if len(parts) > 1 else wanted[parts[0]]
        equal[name] = results[name].shape == joined.shape and results[name].tobytes() == joined.tobytes()
    return {"outputs": equal, "nodes": len(cut.graph.node)}


paths = sys.argv[1:]
for cut_path, original_path in zip(paths[::2], paths[1::2]):
    print(json.dumps(compare(cut_path, original_path)))
