// A hasher whose work is the end of it, as where the machine has no memory left.
process.on("message", () => process.kill(process.pid, "SIGKILL"));
process.once("disconnect", () => process.exit());
