// The packaged client in a stand-in for the editor: it starts the server that the
// setting names (the arguments behind the client's file) and says whether it runs.
"use strict";

const Module = require("node:module");

const [file, ...command] = process.argv.slice(2);
const errors = [];

/** Anything: callable, constructible, and made of the same. */
function anything(special = {}) {
  return new Proxy(function () {}, {
    get(target, key) {
      if (key in special) {
        return special[key];
      }
      if (key === "prototype") {
        return target.prototype;
      }
      if (key === Symbol.iterator) {
        return [][Symbol.iterator].bind([]);
      }
      if (key === Symbol.toPrimitive) {
        return () => "";
      }
      return key === "then" ? undefined : anything();
    },
    apply: () => anything(),
    construct: () => anything(),
  });
}

const vscode = anything({
  version: "1.90.0",
  workspace: anything({
    getConfiguration: () => ({ get: (_, other) => command ?? other }),
    workspaceFolders: undefined,
    textDocuments: [],
    notebookDocuments: [],
  }),
  window: anything({
    showErrorMessage: async (text) => void errors.push(text),
    visibleTextEditors: [],
    visibleNotebookEditors: [],
  }),
  env: anything({ appName: "a stand-in", language: "en" }),
});

const load = Module._load;
Module._load = function (request, ...rest) {
  return request === "vscode" ? vscode : load.call(this, request, ...rest);
};

const extension = require(file);
extension
  .activate({ subscriptions: [] })
  .then(() => extension.deactivate())
  .then(() => {
    console.log(errors.length ? errors.join("\n") : "the server has run");
    process.exit();
  })
  .catch((error) => {
    console.log(error.stack);
    process.exit(1);
  });
