import type { NextConfig } from "next";

const config: NextConfig = {
  distDir: process.env.PORTAL_DIST_DIR ?? ".next",
  typedRoutes: true,
  // `npm test` checks the types, of the tests too; a portal that starts need not.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // Everybody gets the title in the head, at once: what comes late is moved into place by a script.
  htmlLimitedBots: /.*/,
  // `next dev` would write an AGENTS.md into the root.
  agentRules: false,
  // Remote and resized images are not used; the optimiser is attack surface (INC4).
  images: { unoptimized: true },
  // The request line of a mailed link holds its token, and no secret goes into a log.
  logging: { incomingRequests: false },
  // One address for people and programs (DEC3).
  rewrites: async () => ({
    beforeFiles: [
      {
        source: "/dev/inbox",
        has: [{ type: "header", key: "accept", value: "(.*)application/json(.*)" }],
        destination: "/dev/inbox/json",
      },
      {
        source: "/api/v1",
        has: [{ type: "header", key: "accept", value: "(.*)text/html(.*)" }],
        destination: "/reference",
      },
    ],
    afterFiles: [],
    fallback: [],
  }),
  // Bundled, selfsigned would share a library with the passkeys' one, and load it before what that needs.
  serverExternalPackages: ["pino", "@node-rs/argon2", "postgres", "selfsigned"],
  experimental: {
    authInterrupts: true,
    // Under a server of one's own the debug rows of a development answer never arrive, and the answer waits for them.
    reactDebugChannel: false,
    serverActions: { bodySizeLimit: "64kb" },
  },
};

export default config;
