import { IMPORT_FIELDS, type ImportField } from "./input.ts";

/** Headings by which columns go, the surest first. */
const HEADINGS: Record<ImportField, string[]> = {
  name: ["name", "fullname", "displayname", "contact", "contactname", "member", "person"],
  email: ["email", "emailaddress", "mail", "address"],
  username: ["username", "login", "loginname", "user", "userid"],
  clients: ["clients", "client", "companies", "company", "customers", "customer"],
  group: ["securitygroup", "group", "role"],
  hash: ["passwordhash", "hash", "hashedpassword", "encryptedpassword", "passworddigest", "password"],
  salt: ["passwordsalt", "salt"],
};

/** Which column seems to hold what, by its heading; empty where none does. */
export function guessColumns(columns: readonly string[]): Record<ImportField, string> {
  const headings = columns.map((column) => column.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ""));
  const guess = (field: ImportField) => {
    const known = HEADINGS[field].find((heading) => headings.includes(heading));
    return known === undefined ? "" : String(headings.indexOf(known));
  };
  return Object.fromEntries(IMPORT_FIELDS.map((field) => [field, guess(field)])) as Record<
    ImportField,
    string
  >;
}
