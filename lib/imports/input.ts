import * as z from "zod";

export const IMPORT_KINDS = ["staff", "contact"] as const;

export type ImportKind = (typeof IMPORT_KINDS)[number];

/** What a column of a file can hold, in the order in which it is asked for. */
export const IMPORT_FIELDS = ["name", "email", "username", "clients", "group", "hash", "salt"] as const;

export type ImportField = (typeof IMPORT_FIELDS)[number];

/** The place of a column, counted from 0, as a form sends it; empty where no column holds it. */
const Column = z
  .string()
  .regex(/^\d{0,2}$/, "Choose one of the columns.")
  .default("");

const Base64 = z
  .string()
  .trim()
  .max(200)
  .regex(/^[A-Za-z0-9+/_-]*={0,2}$/, "Copy it as the Firebase console shows it.")
  .default("");

/** A small number; empty where nothing was typed. */
const Small = z
  .string()
  .trim()
  .regex(/^\d{0,2}$/, "Enter a number as the Firebase console shows it.")
  .default("");

const Import = z.object({ importId: z.uuid("There is no such import.") });

export const ImportInput = Import;

export const CheckImportInput = Import.extend({
  name: Column.refine((column) => column !== "", "Choose the column with the names."),
  email: Column,
  username: Column,
  clients: Column,
  group: Column,
  hash: Column,
  salt: Column,
  /** Of staff whose line names no group. */
  securityGroupId: z.union([z.uuid(), z.literal("")]).default(""),
  createClients: z.union([z.literal("on"), z.literal("")]).default(""),
  signerKey: Base64,
  saltSeparator: Base64,
  rounds: Small,
  memoryCost: Small,
});

export const UploadImportInput = z.object({
  kind: z.enum(IMPORT_KINDS, "Choose staff or contacts."),
  fileName: z
    .string()
    .transform((name) => name.replaceAll(/[\p{Cc}\p{Cf}]/gu, "").slice(-120) || "people.csv"),
  file: z.custom<AsyncIterable<Uint8Array>>(
    (file) => typeof file === "object" && file !== null && Symbol.asyncIterator in file,
    "Choose a file.",
  ),
});
