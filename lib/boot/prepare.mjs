import { bundlePrograms } from "./bundle.mjs";
import { openDatabase } from "./database.mjs";
import { migrationEnvironment } from "./environment.mjs";
import { Refusal, step } from "./output.mjs";
import { runNode } from "./run.mjs";
import { stopSignal } from "./shutdown.mjs";

/**
 * Database and programs, ready for use: what every command needs that touches data.
 *
 * @returns {Promise<{ database: import("./database.mjs").Database, programOf: (name: string) => string }>}
 */
export async function prepare() {
  const database = await step("database", (note) => openDatabase(note));
  try {
    return { database, programOf: await preparePrograms(database) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The programs of the sources as they are now, and the schema that they want. */
export async function preparePrograms(database) {
  const programOf = await step("programs", bundlePrograms);
  await step("migrations", (note) => migrate(programOf("migrate"), database, note));
  stopSignal.throwIfAborted();
  return programOf;
}

/** The schema brought up to date, and nothing left running. */
export async function prepareOnly() {
  const { database } = await prepare();
  await database.close();
}

async function migrate(program, database, note) {
  const code = await runNode(["--enable-source-maps", program], { env: migrationEnvironment(database) });
  if (code !== 0) throw new Refusal("The database could not be brought up to date; the reason stands above.");
  note("up to date");
}
