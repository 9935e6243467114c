// Bundle every entry into the package's static folder. Shared code lands in chunks, so that two entries on a page share one registry.
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { readdirSync } from "node:fs";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = fileURLToPath(new URL("../src/callcoach/web/static/built/", import.meta.url));
const entries = readdirSync(`${here}src/entries`).filter((name) => name.endsWith(".ts"));

rmSync(out, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: entries.map((name) => `src/entries/${name}`),
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  chunkNames: "chunk-[hash]",
  logLevel: "info",
});
