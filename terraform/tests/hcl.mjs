// Reads { name: HCL text } as JSON on standard input, and prints { name: the same as JSON }.
import { parse } from "@cdktn/hcl2json";

let input = "";
for await (const piece of process.stdin) input += piece;
const parsed = {};
for (const [name, text] of Object.entries(JSON.parse(input))) parsed[name] = await parse(name, text);
process.stdout.write(JSON.stringify(parsed));
