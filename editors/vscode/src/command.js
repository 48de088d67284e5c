"use strict";

const fs = require("node:fs");
const path = require("node:path");

/**
 * How to start the language server.
 *
 * @param {string[]} configured the setting `gml-ppl.command`
 * @param {string[]} folders the folders that are open
 * @param {(file: string) => boolean} exists
 * @param {string} platform
 * @returns {{command: string, args: string[]}}
 */
function serverCommand(
  configured,
  folders,
  exists = fs.existsSync,
  platform = process.platform,
) {
  const [command, ...args] = configured;
  if (command) {
    return { command, args: [...args, "lsp"] };
  }
  const inside =
    platform === "win32" ? ["Scripts", "gmlc.exe"] : ["bin", "gmlc"];
  const found = folders
    .map((folder) => path.join(folder, ".venv", ...inside))
    .find((file) => exists(file));
  return { command: found ?? "gmlc", args: ["lsp"] };
}

module.exports = { serverCommand };
