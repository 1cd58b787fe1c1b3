"""A slice of Qwen2.5-32B on one GPU: what the faithful and the fast grouping cost a layer.

    python slice.py SUITE... --output measured.jsonl

The slice has the model's true widths, random weights in bf16 and a few of its 64 layers; a
measurement is the median time of forward and backward, without an optimizer. Taken with two counts
of layers, the difference is the layers' and the rest belongs to embedding, head and loss.

Suites, each in a process of its own, since liger patches the model's classes for good:

    faithful    one example at a time, stock SDPA, every layer recomputed, fp32 logits
    fast        examples packed into 16,384 tokens and kept apart by their attention, liger's
                kernels, and less recomputed in steps
    agreement   losses and gradients of packed examples against the same examples alone
    transfers   pinned copies between host and device, and Adam's rate on both

Needs torch 2.11, transformers 5.5.4 and liger-kernel 0.8.5. Every measurement is one line of JSON
in the output; a short table goes to the standard output.
"""

import argparse
import functools
import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

import torch
from liger_kernel.transformers import apply_liger_kernel_to_qwen2
from torch.nn.attention.varlen import varlen_attn
from torch.utils.checkpoint import CheckpointPolicy, create_selective_checkpoint_contexts
from transformers import Qwen2Config, Qwen2ForCausalLM
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

HIDDEN, INNER, HEADS, KEY_VALUE_HEADS, HEAD, VOCABULARY = 5120, 27648, 40, 8, 128, 152_064
IGNORED = -100
WARM_UPS, ROUNDS = 2, 5

# What each way of recomputing keeps of a layer besides its input; `all` is the trainer's default.
RECOMPUTE = ("all", "lean", "attention", "attention+output", "none")


@dataclass(frozen=True)
class Variant:
    """How the slice is run. Lengths of examples that go through together, padding last."""

    attention: str
    recompute: str
    lengths: tuple[int, ...]
    padding: int = 0
    liger: bool = False


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure a slice of Qwen2.5-32B on one GPU.")
    parser.add_argument("suites", nargs="+", choices=list(SUITES))
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    with arguments.output.open("a", encoding="utf-8") as lines:
        write(lines, describe_device())
        for suite in arguments.suites:
            for measurement in SUITES[suite]():
                write(lines, {"suite": suite, **measurement})


def write(lines: TextIO, measurement: dict[str, Any]) -> None:
    lines.write(json.dumps(measurement) + "\n")
    lines.flush()
    print(table_row(measurement), flush=True)


def table_row(measurement: dict[str, Any]) -> str:
    if measurement["kind"] != "slice":
        return " ".join(f"{name}={value}" for name, value in measurement.items())
    tokens = sum(measurement["lengths"])
    return (
        f"{measurement['suite']:9} {measurement['attention']:6} {measurement['recompute']:16} "
        f"liger={measurement['liger']:d} pad={measurement['padding']} "
        f"layers={measurement['layers']} examples={len(measurement['lengths']):2} "
        f"tokens={tokens:5} {1000 * measurement['seconds']:8.1f} ms "
        f"{tokens / measurement['seconds']:8.0f} tokens/s "
        f"kept {measurement['keptBytes'] / 1e9:.2f} GB peak {measurement['peakBytes'] / 1e9:.1f} GB"
    )


def describe_device() -> dict[str, Any]:
    """The GPU, the versions, and the two ceilings: a large matrix product and a large copy."""
    left, right = (torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16) for _ in range(2))
    product = median_seconds(lambda: left @ right, rounds=20)
    source = torch.randn(2**30, device="cuda", dtype=torch.bfloat16)
    target = torch.empty_like(source)
    copy = median_seconds(lambda: target.copy_(source))
    return {
        "kind": "device",
        "name": torch.cuda.get_device_name(),
        "torch": torch.__version__,
        "matrixFlops": 2 * 8192**3 / product,
        "copyBytesPerSecond": 2 * 2 * 2**30 / copy,
    }


def faithful() -> Iterator[dict[str, Any]]:
    """One example a micro-step.

    The trainer pads it to a multiple of eight, and so, seven times of eight, gives SDPA a mask of
    all pairs; without padding SDPA takes its causal kernel.
    """
    for layers in (2, 6):
        model = make_model("sdpa", layers)
        for length in (1024, 2048, 4096, 6144, 8192, 12288, 16384):
            for padding in (0, 4):
                yield measure(model, Variant("sdpa", "all", (length,), padding=padding))
        model = None


# A pack as the recipe's lengths give it, one of a single long example, one of many short ones, and
# packs that are less full: from these the cost of a token and of a pair of tokens is told apart.
USUAL_PACK = (5864, 4568, 3392, 2560)
PACKS = ((16384,), (1024,) * 16, (7232, 5056), (4568, 3624), (4096,))


def fast() -> Iterator[dict[str, Any]]:
    for layers in (2, 6):
        model = make_model("varlen", layers)
        yield measure(model, Variant("varlen", "lean", USUAL_PACK))
    apply_liger_kernel_to_qwen2()
    for layers in (2, 6):
        model = make_model("varlen", layers)
        for recompute in RECOMPUTE:
            yield measure(model, Variant("varlen", recompute, USUAL_PACK, liger=True))
        for pack in PACKS:
            for recompute in ("lean", "attention"):
                yield measure(model, Variant("varlen", recompute, pack, liger=True))


def make_model(
    attention: str, layers: int, dtype: torch.dtype = torch.bfloat16
) -> Qwen2ForCausalLM:
    config = Qwen2Config(
        vocab_size=VOCABULARY,
        hidden_size=HIDDEN,
        intermediate_size=INNER,
        num_hidden_layers=layers,
        num_attention_heads=HEADS,
        num_key_value_heads=KEY_VALUE_HEADS,
        max_position_embeddings=32_768,
        rope_parameters={"rope_type": "default", "rope_theta": 1e6},
        tie_word_embeddings=False,
        use_cache=False,
        attn_implementation=attention,
    )
    torch.cuda.empty_cache()
    torch.set_default_dtype(dtype)
    with torch.device("cuda"):
        model = Qwen2ForCausalLM(config)
    torch.set_default_dtype(torch.float32)
    return model.train()


def varlen_attention(  # noqa: PLR0913
    _module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    _mask: None,
    *,
    bounds: torch.Tensor,
    longest: int,
    scaling: float,
    **_: object,
) -> tuple[torch.Tensor, None]:
    """Causal attention in which a token sees its own example alone."""
    query, key, value = (part.transpose(1, 2)[0] for part in (query, key, value))
    causal = (-1, 0)
    out = varlen_attn(
        query, key, value, bounds, bounds, longest, longest, scale=scaling, window_size=causal
    )
    return out.unsqueeze(0), None


ALL_ATTENTION_FUNCTIONS.register("varlen", varlen_attention)


def set_recompute(model: Qwen2ForCausalLM, recompute: str) -> None:
    """Sets what the backward pass recomputes of each layer.

    `lean` stops at the last tensor that the backward pass wants, and so leaves out the layer's last
    matrix product; it and the rest need checkpoints that are not reentrant.
    """
    model.gradient_checkpointing_disable()
    if recompute == "none":
        return
    options: dict[str, Any] = {"use_reentrant": recompute == "all"}
    if recompute.startswith("attention"):
        kept = functools.partial(keep_policy, output=recompute.endswith("output"))
        options["context_fn"] = functools.partial(create_selective_checkpoint_contexts, kept)
    model.gradient_checkpointing_enable(options)


def keep_policy(
    _: object, operation: object, *arguments: torch.Tensor, output: bool, **__: object
) -> CheckpointPolicy:
    """Keeps the result of attention, and of the product after it where `output` is set.

    Query, key and value cannot be kept: liger turns them in place.
    """
    if operation is torch.ops.torch_attn._varlen_attn.default:  # noqa: SLF001
        return CheckpointPolicy.MUST_SAVE
    if output and operation is torch.ops.aten.mm.default:
        square = tuple(arguments[1].shape) == (HIDDEN, HIDDEN)
        return CheckpointPolicy.MUST_SAVE if square else CheckpointPolicy.PREFER_RECOMPUTE
    return CheckpointPolicy.PREFER_RECOMPUTE


def make_batch(variant: Variant) -> dict[str, Any]:
    """Random tokens. No example's first token is predicted from the example before it."""
    tokens = sum(variant.lengths)
    ids = torch.randint(VOCABULARY, (1, tokens), device="cuda")
    labels = ids.clone()
    bounds = torch.tensor([0, *variant.lengths], device="cuda").cumsum(0).int()
    labels[0, bounds[:-1]] = IGNORED
    if variant.attention == "varlen":
        places = [torch.arange(length, device="cuda") for length in variant.lengths]
        return {
            "input_ids": ids,
            "labels": labels,
            "position_ids": torch.cat(places).unsqueeze(0),
            "bounds": bounds,
            "longest": max(variant.lengths),
        }
    mask = torch.ones_like(ids)
    if variant.padding > 0:
        mask[0, -variant.padding :] = 0
        labels[0, -variant.padding :] = IGNORED
    return {"input_ids": ids, "labels": labels, "attention_mask": mask}


def measure(model: Qwen2ForCausalLM, variant: Variant) -> dict[str, Any]:
    """Median time of forward and backward, memory kept between the two, and the peak."""
    set_recompute(model, variant.recompute)
    batch = make_batch(variant)
    layers = len(model.model.layers)
    static = torch.cuda.memory_allocated()
    kept = 0

    def forward_and_backward() -> None:
        nonlocal kept
        loss = model(**batch).loss
        kept = torch.cuda.memory_allocated() - static
        loss.backward()
        model.zero_grad(set_to_none=True)

    torch.cuda.reset_peak_memory_stats()
    times = seconds_each(forward_and_backward, ROUNDS)
    seconds = statistics.median(times)
    return {
        "kind": "slice",
        "layers": layers,
        **asdict(variant),
        "seconds": seconds,
        "spread": (max(times) - min(times)) / seconds,
        "keptBytes": kept,
        "peakBytes": torch.cuda.max_memory_allocated(),
        "staticBytes": static,
    }


def seconds_each(work: Callable[[], object], rounds: int) -> list[float]:
    for _ in range(WARM_UPS):
        work()
    times = []
    for _ in range(rounds):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        work()
        end.record()
        end.synchronize()
        times.append(start.elapsed_time(end) / 1000)
    return times


def median_seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    return statistics.median(seconds_each(work, rounds))


def agreement() -> Iterator[dict[str, Any]]:
    """Packed examples with liger's kernels against stock SDPA on each alone, two layers deep.

    How far both are from fp32 says what bf16 rounds away.
    """
    lengths = (1531, 640, 2048, 877)
    batch = make_batch(Variant("varlen", "none", lengths))
    stock = make_model("sdpa", 2)
    wide = make_model("sdpa", 2, torch.float32)
    wide.load_state_dict(stock.state_dict())
    with torch.no_grad():
        exact = losses_alone(wide, batch, lengths)
    del wide
    alone = losses_alone(stock, batch, lengths)
    tokens = torch.tensor(lengths, device="cuda") - 1
    (alone @ (tokens / tokens.sum())).backward()

    apply_liger_kernel_to_qwen2()
    packed = make_model("varlen", 2)
    packed.load_state_dict(stock.state_dict())
    set_recompute(packed, "attention+output")
    swapped = batch | {"input_ids": batch["input_ids"].clone()}
    swapped["input_ids"][0, : lengths[0]] = torch.randint(VOCABULARY, (lengths[0],), device="cuda")
    with torch.no_grad():
        together = losses_packed(packed, batch, lengths)
        others = losses_packed(packed, swapped, lengths)[1:] - together[1:]
    fused = packed(**batch).loss
    fused.backward()
    yield {
        "kind": "agreement",
        "lengths": lengths,
        "losses": together.tolist(),
        "packedToAlone": largest(together - alone),
        "packedToFp32": largest(together - exact),
        "aloneToFp32": largest(alone - exact),
        "fusedLossToAlone": largest(fused - alone @ (tokens / tokens.sum())),
        "othersWhenFirstIsSwapped": largest(others),
        "worstGradient": max(
            relative_error(parameter.grad, stock.get_parameter(name).grad)
            for name, parameter in packed.named_parameters()
        ),
    }


def losses_packed(
    model: Qwen2ForCausalLM, batch: dict[str, Any], lengths: tuple[int, ...]
) -> torch.Tensor:
    """Mean loss of each example of a pack, from its logits in fp32."""
    inputs = {name: value for name, value in batch.items() if name != "labels"}
    logits = model(**inputs).logits[0].split(list(lengths))
    labels = batch["labels"][0].split(list(lengths))
    return torch.stack([next_token_loss(*pair) for pair in zip(logits, labels, strict=True)])


def losses_alone(
    model: Qwen2ForCausalLM, batch: dict[str, Any], lengths: tuple[int, ...]
) -> torch.Tensor:
    examples = batch["input_ids"][0].split(list(lengths))
    return torch.stack(
        [next_token_loss(model(input_ids=ids[None]).logits[0], ids) for ids in examples]
    )


def next_token_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.cross_entropy(logits[:-1].float(), labels[1:])


def largest(differences: torch.Tensor) -> float:
    return float(differences.abs().max())


def relative_error(one: torch.Tensor, other: torch.Tensor) -> float:
    return float((one.float() - other.float()).norm() / other.float().norm())


def transfers() -> Iterator[dict[str, Any]]:
    host_in, host_out = (torch.ones(2**30, dtype=torch.uint8).pin_memory() for _ in range(2))
    device_in, device_out = (torch.ones(2**30, dtype=torch.uint8, device="cuda") for _ in range(2))
    inwards, outwards = torch.cuda.Stream(), torch.cuda.Stream()

    def copy_both() -> None:
        with torch.cuda.stream(inwards):
            device_in.copy_(host_in, non_blocking=True)
        with torch.cuda.stream(outwards):
            host_out.copy_(device_out, non_blocking=True)

    def copy_both_and_wait() -> None:
        for stream in (inwards, outwards):
            stream.wait_stream(torch.cuda.current_stream())
        copy_both()
        for stream in (inwards, outwards):
            torch.cuda.current_stream().wait_stream(stream)

    left, right = (torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16) for _ in range(2))

    def product_beside_copies() -> float:
        for _ in range(10):
            copy_both()
        return median_seconds(lambda: left @ right, rounds=50)

    in_one = median_seconds(lambda: device_in.copy_(host_in, non_blocking=True))
    out_one = median_seconds(lambda: host_out.copy_(device_out, non_blocking=True))
    both = median_seconds(copy_both_and_wait)
    product = median_seconds(lambda: left @ right, rounds=50)
    yield {
        "kind": "transfer",
        "toDevice": 2**30 / in_one,
        "toHost": 2**30 / out_one,
        "eachWayAtOnce": 2**30 / both,
        "productBesideCopies": product_beside_copies() / product,
    }
    for device in ("cpu", "cuda"):
        yield {"kind": "adam", "device": device, **adam_rate(device)}


def adam_rate(device: str) -> dict[str, Any]:
    """Parameters a second: fp32 weights, moments and gradient, and the new weights in bf16."""
    count = 500_000_000
    weights = torch.zeros(count, device=device, requires_grad=True)
    weights.grad = torch.full_like(weights, 1e-3)
    narrow = torch.zeros(count, device=device, dtype=torch.bfloat16)
    adam = torch.optim.AdamW([weights], lr=1e-5, fused=True)
    times = []
    for _ in range(4):
        torch.cuda.synchronize()
        began = time.perf_counter()
        adam.step()
        with torch.no_grad():
            narrow.copy_(weights)
        torch.cuda.synchronize()
        times.append(time.perf_counter() - began)
    return {"parametersPerSecond": count / min(times), "threads": torch.get_num_threads()}


SUITES = {"faithful": faithful, "fast": fast, "agreement": agreement, "transfers": transfers}


if __name__ == "__main__":
    main()
