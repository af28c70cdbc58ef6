// SPDX-License-Identifier: Apache-2.0
// Loads a GGUF with llama.cpp once from each directory: `node load_gguf.mjs mmap|read DIRECTORY...`.
// The environment's MOWS_NODE_MODULES is where node-llama-cpp is installed.
import {createRequire} from "node:module";
import {join} from "node:path";
import {pathToFileURL} from "node:url";

const require = createRequire(join(process.env.MOWS_NODE_MODULES, "here.js"));
const {getLlama} = await import(pathToFileURL(require.resolve("node-llama-cpp")));
const [way, ...directories] = process.argv.slice(2);
// One thread: several wait for each other actively, which takes long if others want the processor.
const llama = await getLlama({gpu: false, build: "never", skipDownload: true, maxThreads: 1});

for (const directory of directories) {
  const modelPath = join(directory, "llama-Q4_K_M.gguf");
  const model = await llama.loadModel({modelPath, useMmap: way === "mmap"});
  const context = await model.createContext({contextSize: 64});
  const tokens = [];
  for await (const token of context.getSequence().evaluate([300, 301, 302], {temperature: 0})) {
    tokens.push(token);
    if (tokens.length === 12) break;
  }
  console.log("TOKENS", JSON.stringify(tokens));
  await context.dispose();
  await model.dispose();
}
process.exit(0);
