import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import PostalMime, { type Email } from "postal-mime";
import { env } from "#lib/core/env.ts";
import { notFound } from "#lib/core/errors.ts";

/** How many mails are shown, newest first. */
const SHOWN = 200;

export type ReceivedMail = {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
};

/**
 * What the built-in SMTP receiver got, newest first: a firm's own mail, or all of it on the apex. Throws not_found
 * where there is no such receiver (DEC3).
 */
export async function listMail(firmSlug: string | undefined): Promise<ReceivedMail[]> {
  const directory = env().PORTAL_INBOX_DIR;
  if (!directory) throw notFound();
  const names = (await readdir(directory)).filter((name) => name.endsWith(".eml")).sort();
  const mails = await Promise.all(
    names
      .reverse()
      .slice(0, SHOWN)
      .map((name) => readMail(directory, name)),
  );
  return mails.filter((mail) => firmSlug === undefined || mail.headers["x-portal-firm"] === firmSlug);
}

async function readMail(directory: string, name: string): Promise<ReceivedMail> {
  const email: Email = await PostalMime.parse(await readFile(join(directory, name)));
  return {
    id: name.replace(".eml", ""),
    to: (email.to ?? []).map((recipient) => recipient.address ?? "").join(", "),
    subject: email.subject ?? "",
    text: email.text ?? "",
    html: email.html ?? "",
    headers: Object.fromEntries(email.headers.map(({ key, value }) => [key, value])),
  };
}
