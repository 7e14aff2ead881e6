import type { NextConfig } from "next";

const config: NextConfig = {
  distDir: process.env.PORTAL_DIST_DIR ?? ".next",
  typedRoutes: true,
  poweredByHeader: false,
  // `next dev` would write an AGENTS.md into the root.
  agentRules: false,
  // Remote and resized images are not used; the optimiser is attack surface (INC4).
  images: { unoptimized: true },
  serverExternalPackages: ["pino", "@node-rs/argon2", "postgres"],
  experimental: {
    authInterrupts: true,
    serverActions: { bodySizeLimit: "64kb" },
  },
};

export default config;
