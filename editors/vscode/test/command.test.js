"use strict";

const assert = require("node:assert");
const test = require("node:test");
const { serverCommand } = require("../src/command");

const nothing = () => false;

test("the setting comes first, and may have arguments", () => {
  assert.deepStrictEqual(
    serverCommand(["uv", "run", "gmlc"], ["/a"], () => true),
    { command: "uv", args: ["run", "gmlc", "lsp"] },
  );
});

test("then the environment of the first folder that has one", () => {
  const exists = (file) => file.startsWith("/b");
  assert.deepStrictEqual(serverCommand([], ["/a", "/b"], exists, "linux"), {
    command: "/b/.venv/bin/gmlc",
    args: ["lsp"],
  });
});

test("Windows has other names", () => {
  const { command } = serverCommand([], ["/a"], () => true, "win32");
  assert.match(command, /Scripts.gmlc\.exe$/);
});

test("then the path", () => {
  assert.deepStrictEqual(serverCommand([], [], nothing), {
    command: "gmlc",
    args: ["lsp"],
  });
  assert.deepStrictEqual(serverCommand([], ["/a"], nothing).command, "gmlc");
});
