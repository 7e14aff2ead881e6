// Loaded before each child's own code: the two things that a child and its launcher tell each other.
import { subscribe } from "node:diagnostics_channel";

const GRACE_MS = 10_000;

// What this process forks inherits its flags, and would take the channel to its own parent for ours.
process.execArgv = process.execArgv.filter((flag) => flag !== "--import" && flag !== import.meta.url);

// A launcher that is killed cannot stop its children; the channel to it closes.
process.once("disconnect", () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.exit(1), GRACE_MS).unref();
});
process.channel?.unref();

// An answer on the port proves little: another portal may have been faster there.
subscribe("tracing:net.server.listen:asyncEnd", ({ server }) => {
  if (process.connected) process.send?.({ listening: server.address()?.port });
});
