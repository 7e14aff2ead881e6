import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { admin, bearer, organization } from "better-auth/plugins";
import { Pool } from "pg";

const LIFE = 30 * 24 * 60 * 60;

/** As its documentation begins, with its own limits on. */
export const auth = betterAuth({
  secret: "only for a benchmark, on this machine alone",
  baseURL: process.env.PEER_URL,
  trustedOrigins: ["http://127.0.0.1:*", "http://localhost:*", "http://localhost"],
  database: new Pool({ connectionString: process.env.PEER_DATABASE_URL, max: 10 }),
  emailAndPassword: { enabled: true, sendResetPassword: async () => undefined },
  session: { expiresIn: LIFE },
  plugins: [
    admin(),
    bearer(),
    organization(),
    // By default a key may be used ten times a day.
    apiKey({ rateLimit: { enabled: true, timeWindow: LIFE, maxRequests: 1_000_000_000 } }),
  ],
});
