import * as z from "zod";
import { processSingleton } from "./process.ts";

const Switch = z.enum(["on", "off"]);
const Count = z.coerce.number().int().min(0);

const Key = z.string().min(32, "each key of PORTAL_KEYS needs 32 characters or more");

const listed = (text: string) =>
  text
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);

const NameServer = z
  .string()
  .regex(
    /^(?:[0-9.]+|\[[0-9a-f:]+\])(?::\d+)?$/i,
    "a name server is an address like 10.0.0.53 or [fd00::53]:53",
  );

/** Loopback, by address or name, with its port: nothing else can be one of the built-in providers. */
const DemoIssuer = z
  .string()
  .regex(
    /^https?:\/\/(?:127\.0\.0\.1|localhost):\d+$/,
    "a demo provider is on loopback, like http://127.0.0.1:4000",
  );

const Settings = z.object({
  NODE_ENV: z.enum(["production", "development", "test"]).default("development"),
  PORTAL_URL: z.url({ protocol: /^https?$/ }).transform((url) => new URL(url)),
  PORT: Count.default(3000),
  HOST: z.string().default("127.0.0.1"),
  PORTAL_LISTEN_FD: Count.optional(),
  PORTAL_HASHERS: z.coerce.number().int().min(1).default(1),
  PORTAL_KEYS: z
    .string()
    .transform((keys) => keys.split(",").map((key) => key.trim()))
    .pipe(z.array(Key).min(1)),
  DATABASE_DIRECT_URL: z.string().optional(),
  DATABASE_PREPARE: Switch.default("on"),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  MAIL_FROM: z.string().min(3),
  PORTAL_INBOX_DIR: z.string().optional(),
  PORTAL_INBOX_PORT: Count.optional(),
  PORTAL_DATA_DIR: z.string().default(".data"),
  PORTAL_DIST_DIR: z.string().default(".next"),
  TRUSTED_PROXIES: Count.default(0),
  DNS_SERVERS: z.string().default("").transform(listed).pipe(z.array(NameServer)),
  PORTAL_DEMO: z.string().optional(),
  PORTAL_DEMO_CLIENT_SECRET: z.string().optional(),
  PORTAL_DEMO_ISSUERS: z.string().default("").transform(listed).pipe(z.array(DemoIssuer)),
});

/** What may be fetched from this very machine is a matter of the demo, and of nobody's real portal (DEC18). */
const Env = Settings.refine(
  ({ PORTAL_DEMO_ISSUERS, PORTAL_DEMO, PORTAL_URL }) =>
    PORTAL_DEMO_ISSUERS.length === 0 || (PORTAL_DEMO === "1" && PORTAL_URL.hostname.endsWith(".localhost")),
  { path: ["PORTAL_DEMO_ISSUERS"], message: "demo providers exist in demo mode on *.localhost only" },
);

export type Env = z.infer<typeof Env>;

/** The process's settings, checked once. Throws with the name of each variable that is missing or wrong. */
export function env(): Env {
  return processSingleton("env", read);
}

function read(): Env {
  const { data, error } = Env.safeParse(process.env);
  if (error) throw new Error(`The portal's settings are not usable.\n${z.prettifyError(error)}`);
  return data;
}
