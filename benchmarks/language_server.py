"""How long an editor waits for the language server on a model of 500 lines.

Starts `gmlc lsp` as an editor does, opens the model, types into the middle of it, and
times each kind of request right after a keystroke, while the check that the keystroke
has set off runs beside it. The time is that of the whole way: written, read, answered,
read as JSON. Exits with 1 if 19 of 20 answers of a kind take longer than 50 ms.

    python benchmarks/language_server.py [--quick] [--lines N]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import sys
import time

from lsprotocol import types as lsp
from lsprotocol.converters import get_converter

LIMIT = 50.0  # ms: what a person takes for at once
URI = "file:///model.gml"
_PAUSE = 0.03  # seconds between keystrokes of a fast typist, in bursts


def model(lines: int) -> str:
    """Covariates with a varying slope each, and a response."""
    text = ["## A model of many lines.", "dim N, K = 4"]
    number = 0
    while len(text) < lines - 2:
        text += [
            f"## Covariate {number}.",
            f"data x{number}: real[N]",
            f"data g{number}: index(K)[N]",
            f"b{number} ~ normal(0, 1)",
            f"s{number} ~ half_normal(2.0)",
            "@noncentered",
            f"a{number}[K] ~ normal(b{number}, s{number})",
            f"eta{number} = a{number}[g{number}] + b{number} * x{number}  # linear",
            "",
        ]
        number += 1
    total = " + ".join(f"eta{each}" for each in range(number))
    return "\n".join([*text, "data y: real[N]", f"y ~ normal({total}, 1)"]) + "\n"


class Connection:
    """A client that does no more than an editor has to: messages out, JSON in."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self.answers: dict[int, asyncio.Future[object]] = {}
        self.shown: asyncio.Queue[int | None] = asyncio.Queue()
        self.reading = asyncio.create_task(self._read(process.stdout))

    def send(self, method: str, params: object, number: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method}
        message |= {} if params is None else {"params": _CONVERTER.unstructure(params)}
        message |= {} if number is None else {"id": number}
        body = json.dumps(message).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def ask(self, method: str, params: object) -> object:
        number = len(self.answers)
        answer = self.answers[number] = asyncio.get_running_loop().create_future()
        self.send(method, params, number)
        return await answer

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while head := await stream.readuntil(b"\r\n\r\n"):
            length = re.search(rb"Content-Length: (\d+)", head)
            assert length is not None
            message = json.loads(await stream.readexactly(int(length[1])))
            if message.get("method") == lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS:
                self.shown.put_nowait(message["params"].get("version"))
            elif "id" in message and "method" not in message:
                self.answers[message["id"]].set_result(message["result"])


_CONVERTER = get_converter()


class Typist:
    """Types the digits of a prior's scale, and asks in between."""

    def __init__(self, client: Connection, text: str) -> None:
        self.client = client
        self.version = 1
        lines = text.splitlines()
        self.line = next(
            number
            for number in range(len(lines) // 2, len(lines))
            if lines[number].startswith("s")
        )
        self.column = lines[self.line].index("2.0)") + 3
        self.times: dict[str, list[float]] = {}

    def key(self, digit: str) -> None:
        place = lsp.Position(self.line, self.column)
        self.version += 1
        change = lsp.TextDocumentContentChangePartial(lsp.Range(place, place), digit)
        self.client.send(
            lsp.TEXT_DOCUMENT_DID_CHANGE,
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(self.version, URI), [change]
            ),
        )

    async def ask(self, method: str, params: object) -> None:
        start = time.perf_counter()
        await self.client.ask(method, params)
        taken = 1000 * (time.perf_counter() - start)
        self.times.setdefault(method.partition("/")[2], []).append(taken)

    async def shown(self) -> None:
        """Wait until the mistakes of what was typed last are shown."""
        while await self.client.shown.get() != self.version:
            pass

    async def ask_all(self) -> None:
        document = lsp.TextDocumentIdentifier(URI)
        here = {
            "text_document": document,
            "position": lsp.Position(self.line, self.column),
        }
        name = {"text_document": document, "position": lsp.Position(self.line, 0)}
        screen = lsp.Range(
            lsp.Position(self.line - 25, 0), lsp.Position(self.line + 25, 0)
        )
        options = lsp.FormattingOptions(tab_size=2, insert_spaces=True)
        for kind, params in (
            (lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionParams(**here)),
            (lsp.TEXT_DOCUMENT_SIGNATURE_HELP, lsp.SignatureHelpParams(**here)),
            (lsp.TEXT_DOCUMENT_HOVER, lsp.HoverParams(**name)),
            (lsp.TEXT_DOCUMENT_DEFINITION, lsp.DefinitionParams(**name)),
            (
                lsp.TEXT_DOCUMENT_REFERENCES,
                lsp.ReferenceParams(lsp.ReferenceContext(True), **name),
            ),
            (lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, lsp.DocumentHighlightParams(**name)),
            (lsp.TEXT_DOCUMENT_PREPARE_RENAME, lsp.PrepareRenameParams(**name)),
            (lsp.TEXT_DOCUMENT_RENAME, lsp.RenameParams(new_name="other", **name)),
            (lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, lsp.DocumentSymbolParams(document)),
            (
                lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL,
                lsp.SemanticTokensParams(document),
            ),
            (lsp.TEXT_DOCUMENT_INLAY_HINT, lsp.InlayHintParams(document, screen)),
            (
                lsp.TEXT_DOCUMENT_FORMATTING,
                lsp.DocumentFormattingParams(document, options),
            ),
        ):
            self.key("0")
            await asyncio.sleep(_PAUSE)
            await self.ask(kind, params)

    async def pause(self) -> None:
        """Stop typing until the mistakes are shown, then ask for the fixes."""
        self.key("0")
        start = time.perf_counter()
        await self.shown()
        taken = 1000 * (time.perf_counter() - start)
        self.times.setdefault("(diagnostics)", []).append(taken)
        place = lsp.Range(lsp.Position(self.line, 0), lsp.Position(self.line, 9))
        context = lsp.CodeActionContext([])
        document = lsp.TextDocumentIdentifier(URI)
        params = lsp.CodeActionParams(document, place, context)
        await self.ask(lsp.TEXT_DOCUMENT_CODE_ACTION, params)


async def measured(lines: int, rounds: int) -> dict[str, list[float]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gml", "lsp",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    client, text = Connection(process), model(lines)
    await client.ask(
        lsp.INITIALIZE, lsp.InitializeParams(lsp.ClientCapabilities(), process_id=None)
    )
    client.send(lsp.INITIALIZED, lsp.InitializedParams())
    typist = Typist(client, text)
    item = lsp.TextDocumentItem(URI, "gml-ppl", 1, text)
    client.send(lsp.TEXT_DOCUMENT_DID_OPEN, lsp.DidOpenTextDocumentParams(item))
    await typist.shown()
    await typist.ask_all()  # what is imported or read but once
    typist.times.clear()
    for _ in range(rounds):
        await typist.ask_all()
        await typist.pause()
    await client.ask(lsp.SHUTDOWN, None)
    client.send(lsp.EXIT, None)
    await process.wait()
    client.reading.cancel()
    return typist.times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=500)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    given = parser.parse_args()
    times = asyncio.run(measured(given.lines, 4 if given.quick else 40))
    print(f"{given.lines} lines; milliseconds until the answer\n")
    print(f"{'request':<22}{'median':>8}{'19 of 20':>10}{'most':>8}")
    missed = 0
    for name, taken in times.items():
        most = sorted(taken)[max(0, -(-19 * len(taken) // 20) - 1)]
        words = (
            f"{name:<22}{statistics.median(taken):8.1f}{most:10.1f}{max(taken):8.1f}"
        )
        if name.startswith("("):  # they come when the typing pauses
            print(words)
            continue
        missed += most > LIMIT
        print(words, " PASS" if most <= LIMIT else " FAIL")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
