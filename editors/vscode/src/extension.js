"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { serverCommand } = require("./command");

/** @type {LanguageClient | undefined} */
let client;

async function start() {
  const configured = vscode.workspace
    .getConfiguration("gml-ppl")
    .get("command", []);
  const folders = (vscode.workspace.workspaceFolders ?? []).map(
    (folder) => folder.uri.fsPath,
  );
  const { command, args } = serverCommand(configured, folders);
  client = new LanguageClient(
    "gml-ppl",
    "GML",
    { command, args },
    { documentSelector: [{ language: "gml-ppl" }] },
  );
  try {
    await client.start();
  } catch {
    const choice = await vscode.window.showErrorMessage(
      `GML: cannot start \`${command}\`. Highlighting works without it; for the ` +
        "rest install gmlc, or say where it is.",
      "Open the setting",
    );
    if (choice) {
      vscode.commands.executeCommand(
        "workbench.action.openSettings",
        "gml-ppl.command",
      );
    }
  }
}

async function stop() {
  const old = client;
  client = undefined;
  if (old?.isRunning()) {
    await old.stop();
  }
}

/** @param {vscode.ExtensionContext} context */
async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("gml-ppl.restart", async () => {
      await stop();
      await start();
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
