// The grammar of the packaged extension over every script of the repository, compared with the tokens that `calc lsp` finds.
// Run it with `npm test` after `npm run package` and `cargo build`. `npm test -- FILE…` looks at these files only.

"use strict";

const assert = require("node:assert");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");
const yauzl = require("yauzl");

const ROOT = path.resolve(__dirname, "../../..");
const PACKAGE = path.resolve(__dirname, "../calc.vsix");
const CALC = process.env.CALC ?? path.join(ROOT, "target/debug/calc");
// Scripts of other programs, and what builds leave behind.
const FOREIGN = new Set(["target", "node_modules", "peers", ".git"]);

// What a class of the server may be called in the grammar.
const SCOPES = {
  comment: /^comment\./,
  string: /^string\./,
  number: /^constant\.numeric/,
  keyword: /^(keyword\.control|keyword\.operator\.(word|logical)|constant\.language)/,
  operator: /^keyword\.operator/,
};

// The files of the package, by name.
function unpack(file) {
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      const files = new Map();
      zip.on("entry", (entry) => {
        if (!/^extension\/[^/]+$|^extension\/syntaxes\//.test(entry.fileName)) return zip.readEntry();
        zip.openReadStream(entry, (problem, stream) => {
          if (problem) return reject(problem);
          const parts = [];
          stream.on("data", (part) => parts.push(part));
          stream.on("end", () => {
            files.set(entry.fileName.replace("extension/", ""), Buffer.concat(parts).toString("utf8"));
            zip.readEntry();
          });
        });
      });
      zip.on("end", () => resolve(files));
      zip.on("error", reject);
      zip.readEntry();
    });
  });
}

// A registry with the grammars that the package contributes.
async function grammars(files) {
  const manifest = JSON.parse(files.get("package.json"));
  const contributed = new Map();
  const languages = new Map();
  for (const grammar of manifest.contributes.grammars) {
    const text = files.get(path.posix.normalize(grammar.path));
    assert(text, `${grammar.path} is in the package`);
    contributed.set(grammar.scopeName, textmate.parseRawGrammar(text, grammar.path));
    if (grammar.language) languages.set(grammar.language, grammar.scopeName);
  }
  for (const language of manifest.contributes.languages) {
    assert(JSON.parse(files.get(path.posix.normalize(language.configuration))), "the configuration is JSON");
  }
  const wasm = fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => contributed.get(scope) ?? null,
  });
  const language = (file) => {
    const found = manifest.contributes.languages.find((one) => one.extensions.some((extension) => file.endsWith(extension)));
    return found.id;
  };
  return { grammar: (file) => registry.loadGrammar(languages.get(language(file))), language };
}

// A client of the server, for one request at a time.
class Server {
  constructor() {
    this.process = spawn(CALC, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
    this.process.on("error", (error) => {
      console.error(`${CALC} cannot be run: ${error.message}. Build it with \`cargo build\`, or name it in CALC.`);
      process.exit(1);
    });
    this.received = Buffer.alloc(0);
    this.waiting = new Map();
    this.number = 0;
    this.process.stdout.on("data", (part) => {
      this.received = Buffer.concat([this.received, part]);
      for (;;) {
        const head = this.received.indexOf("\r\n\r\n");
        if (head < 0) return;
        const length = Number(/Content-Length: (\d+)/.exec(this.received.subarray(0, head).toString())[1]);
        if (this.received.length < head + 4 + length) return;
        const message = JSON.parse(this.received.subarray(head + 4, head + 4 + length).toString());
        this.received = this.received.subarray(head + 4 + length);
        this.waiting.get(message.id)?.(message.result);
      }
    });
  }

  send(message) {
    const text = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    this.process.stdin.write(`Content-Length: ${text.length}\r\n\r\n`);
    this.process.stdin.write(text);
  }

  ask(method, params) {
    this.number += 1;
    const id = this.number;
    this.send({ id, method, params });
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }

  async start() {
    const result = await this.ask("initialize", { capabilities: {}, processId: null, rootUri: null });
    this.legend = result.capabilities.semanticTokensProvider.legend.tokenTypes;
    this.send({ method: "initialized", params: {} });
  }

  // The class of every character of a text, line by line.
  async classes(file, languageId, text) {
    // A document without a folder, so that no other file is looked at.
    const uri = `untitled:${encodeURIComponent(path.basename(file))}`;
    this.send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId, version: 1, text } } });
    const { data } = await this.ask("textDocument/semanticTokens/full", { textDocument: { uri } });
    this.send({ method: "textDocument/didClose", params: { textDocument: { uri } } });
    const lines = text.split("\n").map((line) => new Array(line.length).fill(undefined));
    let line = 0;
    let column = 0;
    for (let at = 0; at < data.length; at += 5) {
      column = data[at] === 0 ? column + data[at + 1] : data[at + 1];
      line += data[at];
      lines[line].fill(this.legend[data[at + 3]], column, column + data[at + 2]);
    }
    return lines;
  }

  async stop() {
    await this.ask("shutdown", null);
    this.send({ method: "exit" });
  }
}

function* scripts(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!FOREIGN.has(entry.name)) yield* scripts(file);
    } else if (/\.(calc|block)$/.test(entry.name)) {
      yield file;
    }
  }
}

// The innermost scope of a character that says what it is; code in a placeholder is no text any more.
function innermost(scopes) {
  const says = /^(comment|string|constant\.|keyword|meta\.embedded|source|variable|support|entity|punctuation\.section)/;
  const said = scopes.filter((scope) => says.test(scope));
  const last = said.at(-1) ?? "";
  return /^constant\.character/.test(last) ? said.at(-2) : last;
}

// Whether what the grammar says fits what the server says; a variable may be named in a text.
function isSane(expected, scope) {
  if (SCOPES[expected]) return SCOPES[expected].test(scope);
  if (expected === "variable" && SCOPES.string.test(scope)) return true;
  return !["comment", "string", "number", "keyword"].some((name) => SCOPES[name].test(scope));
}

// Pasted characters that nobody sees make a word wrong for calc; no grammar needs to know which.
const UNSEEN = /[\p{Cf}\p{Mn}]/u;
// Placeholders in placeholders that are more than calc reads: a grammar does not count.
const TOO_DEEP = /(#\{["'][^#]*){20}/;

function compare(file, grammar, text, classes) {
  const problems = [];
  let state = textmate.INITIAL;
  text.split("\n").forEach((whole, number) => {
    const line = whole.replace(/\r$/, "");
    const result = grammar.tokenizeLine(line, state);
    state = result.ruleStack;
    if (TOO_DEEP.test(line)) return;
    for (const token of result.tokens) {
      if (UNSEEN.test(line.slice(token.startIndex, token.endIndex + 1))) continue;
      const scopes = token.scopes;
      const scope = innermost(scopes);
      for (let at = token.startIndex; at < Math.min(token.endIndex, line.length); at += 1) {
        // Spaces have no colour, and a mark at the beginning of the file no width.
        if (/[\s\u{feff}]/u.test(line[at])) continue;
        const expected = classes[number][at];
        if (scopes.some((one) => one.startsWith("invalid")) || !isSane(expected, scope)) {
          const place = `${path.relative(ROOT, file)}:${number + 1}:${at + 1}`;
          const text = JSON.stringify(line.slice(token.startIndex, token.endIndex));
          problems.push(`${place}: ${text} is ${scopes.slice(1).join(" ") || "nothing"}, for calc ${expected ?? "nothing"}`);
          break;
        }
      }
    }
  });
  return problems;
}

// The client cannot run without an editor, but it can be read, and it must know the commands that the package offers.
function checkClient(files) {
  const manifest = JSON.parse(files.get("package.json"));
  const client = files.get(path.posix.normalize(manifest.main));
  new vm.Script(`(function (require, module) {${client}\n})`, { filename: manifest.main });
  for (const { command } of manifest.contributes.commands) {
    assert(client.includes(`registerCommand("${command}"`), `${command} does something`);
  }
}

async function main() {
  const files = await unpack(PACKAGE);
  checkClient(files);
  const { grammar, language } = await grammars(files);
  const server = new Server();
  await server.start();
  const named = process.argv.slice(2).map((file) => path.resolve(file));
  const chosen = named.length > 0 ? named : [...scripts(ROOT)];
  assert(chosen.length > 0, "there are scripts");
  const problems = [];
  let tokens = 0;
  for (const file of chosen) {
    const text = fs.readFileSync(file).toString("utf8");
    const classes = await server.classes(file, language(file), text);
    tokens += classes.flat().filter((one, at, all) => one !== undefined && one !== all[at - 1]).length;
    problems.push(...compare(file, await grammar(file), text, classes));
  }
  await server.stop();
  for (const problem of problems) console.log(problem);
  console.log(`${chosen.length} files, ${tokens} stretches of one class, ${problems.length} differences`);
  assert(tokens > chosen.length, "the server knows what the words are");
  process.exitCode = problems.length > 0 ? 1 : 0;
}

main();
