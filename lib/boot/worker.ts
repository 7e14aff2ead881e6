import { closeDatabase } from "#db/client.ts";
import { log } from "#lib/core/log.ts";
import { startWorker } from "#lib/jobs/worker.ts";

// The driver asks each new connection for types of its own accord, and nobody can catch what fails of that. Next outlives
// it in the same way.
process.on("unhandledRejection", (reason) => log().error({ err: reason }, "nobody waited for what failed"));

const worker = await startWorker();
log().info("worker ready");

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, async () => {
    await worker.stop();
    await closeDatabase();
    process.exit(0);
  });
}

await worker.ended;
