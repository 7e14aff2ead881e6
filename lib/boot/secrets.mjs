import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Refusal } from "./output.mjs";
import { dataDir } from "./paths.mjs";

const LEAST_KEY_LENGTH = 32;
const SECRET_BYTES = 32;

/** The keys that everything else is derived from: the operator's, else made once and kept. */
export function portalKeys(env = process.env) {
  const keys = env.PORTAL_KEYS || keptSecret("keys");
  if (keys.split(",").some((key) => key.trim().length < LEAST_KEY_LENGTH)) {
    throw new Refusal(
      `PORTAL_KEYS holds a key shorter than ${LEAST_KEY_LENGTH} characters. Make one with: openssl rand -base64 32`,
    );
  }
  return keys;
}

/** Refuses a production start on the operator's own database that would invent its secrets. */
export function requireProductionSecrets(env = process.env) {
  if (!env.DATABASE_URL || env.PORTAL_KEYS) return;
  throw new Refusal(
    "PORTAL_KEYS is missing. With DATABASE_URL the keys must come from you, because losing them makes stored secrets\n" +
      "unreadable. Make one with `openssl rand -base64 32`, keep it safe, and set PORTAL_KEYS to it.",
  );
}

/** A secret that is made at the first call and the same ever after. */
export function keptSecret(name, dir = dataDir) {
  const file = join(dir, name);
  return readSecret(file) ?? makeSecret(file);
}

function readSecret(file) {
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

// Written whole and linked into place: of two starts one wins and the other reads the winner's.
function makeSecret(file) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(SECRET_BYTES).toString("base64url"), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const secret = readSecret(file);
  if (!secret)
    throw new Refusal(`${file} is empty. Restore it from a backup, or remove it to have a new one made.`);
  return secret;
}
