import { bundlePrograms } from "./bundle.mjs";
import { keepOutputClean, step } from "./output.mjs";
import { dataDir } from "./paths.mjs";
import { runNode } from "./run.mjs";

/** Hands the rest of the command line to the program that makes breach lists. @returns {Promise<number>} exit code */
export async function manageBreachLists(args) {
  keepOutputClean();
  const programOf = await step("programs", bundlePrograms);
  // npm and this launcher both change into the checkout, and paths are meant from where they were typed.
  const env = {
    ...process.env,
    PORTAL_DATA_DIR: dataDir,
    INIT_CWD: process.env.INIT_CWD || process.cwd(),
  };
  return await runNode(["--enable-source-maps", programOf("breach-list"), ...args], { env });
}
