// Starts `calc lsp` for VS Code, hands it the settings under `calc.`, and runs tests in a terminal.

"use strict";

const path = require("node:path");
const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

const TEST_FILE = /\.test\.calc$/;

let client;

function settings() {
  return vscode.workspace.getConfiguration("calc");
}

async function start() {
  const command = settings().get("path", "calc");
  const run = { command, args: ["lsp", ...settings().get("arguments", [])], transport: TransportKind.stdio };
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder?.uri.scheme === "file") {
    run.options = { cwd: folder.uri.fsPath };
  }
  client = new LanguageClient("calc", "Calculator", run, {
    documentSelector: [
      { scheme: "file", language: "calc" },
      { scheme: "file", language: "calc-block" },
      { scheme: "untitled", language: "calc" },
      { scheme: "untitled", language: "calc-block" },
    ],
  });
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    vscode.window.showErrorMessage(`"${command} lsp" cannot be started: ${error.message}. Set calc.path to the program calc.`);
  }
}

async function stop() {
  const stopping = client;
  client = undefined;
  await stopping?.stop();
}

// The test around the cursor: the last `def test_…` at or above it.
function testAt(editor) {
  for (let line = editor.selection.active.line; line >= 0; line -= 1) {
    const found = /^def\s+(test_\w*)/u.exec(editor.document.lineAt(line).text);
    if (found) {
      return found[1];
    }
  }
  return undefined;
}

function runTestInTerminal() {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !TEST_FILE.test(editor.document.fileName)) {
    vscode.window.showInformationMessage("Tests are in files whose names end in .test.calc.");
    return;
  }
  const file = editor.document.fileName;
  const name = testAt(editor);
  const shellArgs = ["test", file, ...(name ? ["--filter", name] : [])];
  const task = new vscode.Task(
    { type: "calc", test: name },
    vscode.workspace.getWorkspaceFolder(editor.document.uri) ?? vscode.TaskScope.Workspace,
    name ?? path.basename(file),
    "calc",
    new vscode.ProcessExecution(settings().get("path", "calc"), shellArgs, { cwd: path.dirname(file) }),
  );
  task.presentationOptions = { clear: true, reveal: vscode.TaskRevealKind.Always };
  return editor.document.save().then(() => vscode.tasks.executeTask(task));
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("calc.runTestInTerminal", runTestInTerminal),
    vscode.commands.registerCommand("calc.restartServer", async () => {
      await stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("calc.path") || change.affectsConfiguration("calc.arguments")) {
        await stop();
        await start();
      }
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
