"""Serves a small model on the OpenAI protocol, on the CPU, many requests at a time.

    python serve.py --model-dir model/ --served-model-name student --port 8099

Offers POST /v1/chat/completions (whole or streamed), GET /v1/models, GET /health and GET /version,
on the loopback interface only. A reply ends at the model's own end tokens, at a `stop` text, or at
`max_tokens`. At temperature 0 it does not depend on what else is asked meanwhile, but for the
rounding of sums; with a `seed` neither does it at others.
"""

import argparse
import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase

from batch_decoder import BatchDecoder
from reply import Reply, Sampling

END_TOKENS = ["<|im_end|>", "<|endoftext|>"]


class Message(BaseModel):
    role: Literal["system", "user", "assistant"]
    content: str


class StreamOptions(BaseModel):
    include_usage: bool = False


class ChatRequest(BaseModel):
    """What is understood of a request. Anything else is refused: to ignore it would mislead."""

    model_config = ConfigDict(extra="forbid")

    model: str
    messages: Annotated[list[Message], Field(min_length=1)]
    stream: bool = False
    stream_options: StreamOptions | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] = 1.0
    top_p: Annotated[float, Field(gt=0, le=1)] = 1.0
    stop: str | Annotated[list[str], Field(max_length=4)] | None = None
    seed: int | None = None


class RefusedError(Exception):
    """A request that would be refused again; `status` is the HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class ChatServer:
    """Turns requests into replies of one model."""

    def __init__(
        self, name: str, tokenizer: PreTrainedTokenizerBase, decoder: BatchDecoder
    ) -> None:
        self.name, self._tokenizer, self._decoder = name, tokenizer, decoder
        self._end_tokens = {tokenizer.eos_token_id, *tokenizer.convert_tokens_to_ids(END_TOKENS)}

    def begin(self, request: ChatRequest) -> tuple[Reply, AsyncIterator[str]]:
        """The reply, and its text in pieces. Raises RefusedError."""
        if request.model != self.name:
            raise RefusedError(404, f"no model {request.model!r} here; ask for {self.name!r}")
        prompt = self._encode(request.messages)
        room = self._decoder.positions - len(prompt)
        if room < 1:
            raise RefusedError(
                400, f"{len(prompt)} prompt tokens exceed the model's {self._decoder.positions}"
            )
        pieces: asyncio.Queue[str | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        reply = Reply(
            prompt=prompt,
            sampling=sampling_of(request, room),
            tokenizer=self._tokenizer,
            end_tokens=self._end_tokens,
            deliver=lambda piece: call_in(loop, pieces, piece),
        )
        self._decoder.submit(reply)
        return reply, read_pieces(reply, pieces)

    def _encode(self, messages: list[Message]) -> list[int]:
        turns = [message.model_dump() for message in messages]
        text = self._tokenizer.apply_chat_template(
            turns, tokenize=False, add_generation_prompt=True
        )
        tokens: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return tokens


def sampling_of(request: ChatRequest, room: int) -> Sampling:
    stop = [request.stop] if isinstance(request.stop, str) else request.stop or []
    return Sampling(
        max_tokens=min(request.max_tokens or room, room),
        temperature=request.temperature,
        top_p=request.top_p,
        seed=request.seed,
        stop=[text for text in stop if text],
    )


def call_in(
    loop: asyncio.AbstractEventLoop, pieces: asyncio.Queue[str | None], piece: str | None
) -> None:
    """Hands a piece from the decoder's thread to the loop, unless the loop has ended meanwhile."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(pieces.put_nowait, piece)


async def read_pieces(reply: Reply, pieces: asyncio.Queue[str | None]) -> AsyncIterator[str]:
    try:
        while (piece := await pieces.get()) is not None:
            yield piece
    finally:
        reply.cancelled = True  # the client may have left before the end


def usage_of(reply: Reply) -> dict[str, int]:
    prompt, completion = len(reply.prompt), len(reply.tokens)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


async def events(
    model: str, reply: Reply, pieces: AsyncIterator[str], *, with_usage: bool
) -> AsyncIterator[str]:
    """The reply as server-sent events; usage, where it was asked for, in the last of them."""
    head = head_of(model, "chat.completion.chunk")

    def event(delta: dict[str, str], finish_reason: str | None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return f"data: {json.dumps({**head, 'choices': [choice]})}\n\n"

    yield event({"role": "assistant", "content": ""}, None)
    async for piece in pieces:
        yield event({"content": piece}, None)
    yield event({}, reply.finish_reason)
    if with_usage:
        yield f"data: {json.dumps({**head, 'choices': [], 'usage': usage_of(reply)})}\n\n"
    yield "data: [DONE]\n\n"


async def whole(model: str, reply: Reply, pieces: AsyncIterator[str]) -> dict[str, Any]:
    """The reply in one object."""
    text = "".join([piece async for piece in pieces])
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason}
    return {**head_of(model, "chat.completion"), "choices": [choice], "usage": usage_of(reply)}


def head_of(model: str, kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
    }


def refusal(status: int, message: str) -> JSONResponse:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    return JSONResponse({"error": error}, status_code=status)


def create_app(server: ChatServer) -> FastAPI:
    app = FastAPI()

    @app.exception_handler(RefusedError)
    async def refuse(_: Request, error: RefusedError) -> JSONResponse:
        return refusal(error.status, str(error))

    @app.exception_handler(RequestValidationError)
    async def refuse_form(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"][1:])
        return refusal(400, f"{field}: {first['msg']}")

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/version")
    async def version() -> dict[str, str]:
        names = ("transformers", "torch")
        return {"version": ", ".join(f"{name} {metadata.version(name)}" for name in names)}

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        model = {"id": server.name, "object": "model", "created": 0, "owned_by": "sky-t1"}
        return {"object": "list", "data": [model]}

    @app.post("/v1/chat/completions", response_model=None)
    async def chat(request: ChatRequest) -> StreamingResponse | dict[str, Any]:
        reply, pieces = server.begin(request)
        if not request.stream:
            return await whole(server.name, reply, pieces)
        with_usage = request.stream_options is not None and request.stream_options.include_usage
        return StreamingResponse(
            events(server.name, reply, pieces, with_usage=with_usage),
            media_type="text/event-stream",
        )

    return app


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve a small model on the OpenAI protocol.")
    parser.add_argument("--model-dir", type=Path, required=True)
    parser.add_argument("--served-model-name", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--slots", type=int, default=64, help="replies decoded side by side")
    arguments = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(arguments.model_dir)
    model = AutoModelForCausalLM.from_pretrained(arguments.model_dir)
    decoder = BatchDecoder(
        model, slots=arguments.slots, positions=model.config.max_position_embeddings
    )
    decoder.start()
    server = ChatServer(arguments.served_model_name, tokenizer, decoder)
    uvicorn.run(
        create_app(server),
        host="127.0.0.1",
        port=arguments.port,
        log_level="warning",
        timeout_graceful_shutdown=1,  # streams still open do not hold up an end that was asked for
    )


if __name__ == "__main__":
    main()
