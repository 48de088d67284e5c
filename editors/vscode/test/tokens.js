// Scopes of texts by VS Code's own engine: a JSON list of texts on standard input, and
// for each a list of [offset, length, scopes] on standard output.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");

const root = path.join(__dirname, "..");
const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json")));
const grammars = new Map(
  manifest.contributes.grammars.map((grammar) => [grammar.scopeName, grammar]),
);
// Stands for the Markdown grammar of VS Code: what it does not know stays as it is.
const HOST = { scopeName: "text.html.markdown", patterns: [] };

async function main() {
  const wasm = require.resolve("vscode-oniguruma/release/onig.wasm");
  await oniguruma.loadWASM(fs.readFileSync(wasm).buffer);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
      if (scope === HOST.scopeName) {
        return HOST;
      }
      const file = path.join(root, grammars.get(scope).path);
      return textmate.parseRawGrammar(fs.readFileSync(file, "utf8"), file);
    },
    getInjections: (scope) =>
      [...grammars.values()]
        .filter((grammar) => grammar.injectTo?.includes(scope))
        .map((grammar) => grammar.scopeName),
  });
  const grammar = await registry.loadGrammar(process.argv[2]);
  const texts = JSON.parse(fs.readFileSync(0, "utf8"));
  process.stdout.write(
    JSON.stringify(texts.map((text) => tokens(grammar, text))),
  );
}

function tokens(grammar, text) {
  const found = [];
  let state = textmate.INITIAL;
  let start = 0;
  for (const line of text.split("\n")) {
    const result = grammar.tokenizeLine(line, state);
    for (const token of result.tokens) {
      const end = Math.min(token.endIndex, line.length);
      found.push([
        start + token.startIndex,
        end - token.startIndex,
        token.scopes,
      ]);
    }
    state = result.ruleStack;
    start += line.length + 1;
  }
  return found;
}

main();
