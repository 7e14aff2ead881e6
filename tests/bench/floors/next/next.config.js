import { join } from "node:path";

/** It lies in .data/bench when it is built, and takes the portal's own Next. */
export default {
  turbopack: { root: join(import.meta.dirname, "../../..") },
  poweredByHeader: false,
  agentRules: false,
  serverExternalPackages: ["postgres"],
};
