import { buildPages } from "./build.mjs";
import { step } from "./output.mjs";
import { prepare } from "./prepare.mjs";
import { portalKeys, requireProductionSecrets } from "./secrets.mjs";

/** Everything that a start does before it serves. */
export async function setUp() {
  requireProductionSecrets();
  portalKeys();
  const { database } = await prepare();
  try {
    await step("pages", (note) => buildPages(note));
  } finally {
    await database.close();
  }
}
