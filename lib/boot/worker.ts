import { closeDatabase } from "#db/client.ts";
import { log } from "#lib/core/log.ts";
import { startWorker } from "#lib/jobs/worker.ts";

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
