// Reads an unpacked Apple pass with passkit-generator and prints what it understood, as JSON.
// The library only writes to the console what it does not accept: whoever calls this looks at both outputs.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { PKPass } from "passkit-generator";

const folder = process.argv[2];

function* walk(path) {
  for (const name of readdirSync(path)) {
    const inside = join(path, name);
    if (statSync(inside).isDirectory()) yield* walk(inside);
    else yield inside;
  }
}

const buffers = {};
for (const path of walk(folder)) buffers[relative(folder, path)] = readFileSync(path);
const pass = new PKPass(buffers);
const type = pass.types[0]?.type ?? null; // none: it refused pass.json and said why on the console
const fields = {};
for (const name of ["headerFields", "primaryFields", "secondaryFields", "auxiliaryFields", "backFields"]) {
  fields[name] = type ? pass[name].map((field) => field.key) : [];
}
const transitType = type === "boardingPass" ? pass.transitType : null;
process.stdout.write(JSON.stringify({ type, transitType, props: pass.props, languages: pass.languages, fields }));
