import { type Logger, pino } from "pino";
import { processSingleton } from "./process.ts";

const SECRET_FIELDS = [
  "password",
  "newPassword",
  "confirmPassword",
  "currentPassword",
  "code",
  "token",
  "secret",
  "hash",
  "authorization",
  "cookie",
  "set-cookie",
];

/** The process's structured log. Fields with the name of a secret are removed, at any of two depths. */
export function log(): Logger {
  return processSingleton("log", () =>
    pino({
      level: "info",
      base: { pid: process.pid },
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.*["${field}"]`]),
        remove: true,
      },
    }),
  );
}
