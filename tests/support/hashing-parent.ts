// A process with hashers of its own, for the test that kills it: it keeps one of them at work.
import { startHashProcesses } from "#lib/auth/password/hash-processes.ts";

const hasher = startHashProcesses(process.argv[2] ?? "", 2);
await hasher.hash("correct horse");
process.send?.("ready");
for (;;) await hasher.hash("correct horse");
