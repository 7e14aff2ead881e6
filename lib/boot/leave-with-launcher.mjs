// Loaded before each child's own code. A launcher that is killed cannot stop its children; the channel to it closes.
const GRACE_MS = 10_000;

process.once("disconnect", () => {
  process.kill(process.pid, "SIGTERM");
  setTimeout(() => process.exit(1), GRACE_MS).unref();
});
process.channel?.unref();
