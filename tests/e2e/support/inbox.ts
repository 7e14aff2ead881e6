import { setTimeout as sleep } from "node:timers/promises";
import { send } from "./http.ts";

const PATIENCE = 30_000;

export type Mail = {
  to: string;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
  /** The mailed link, if there is one. */
  link: string;
  /** The digits to type, six or four, if there are any. */
  code: string;
};

/** What a firm's development inbox holds, newest first. */
export async function mailOn(port: number, host: string): Promise<Mail[]> {
  const { status, body } = await send(port, "/dev/inbox", { headers: { host, accept: "application/json" } });
  if (status !== 200) throw new Error(`/dev/inbox of ${host} answered ${status}.`);
  return (JSON.parse(body) as Omit<Mail, "link" | "code">[]).map((mail) => ({
    ...mail,
    link:
      /https?:\/\/\S+\/(?:reset-password|invitation|not-me|address-hold|lost-device|factor-hold|confirm-email|email-undo|firm-link)\/[\w-]+/.exec(
        mail.text,
      )?.[0] ?? "",
    code: /^\s*(\d{6}|\d{4})\s*$/m.exec(mail.text)?.[1] ?? "",
  }));
}

/** Waits for a mail that this condition holds for. */
export async function untilMail(
  inbox: () => Promise<Mail[]>,
  isIt: (mail: Mail) => boolean,
  what: string,
): Promise<Mail> {
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await sleep(150)) {
    const found = (await inbox()).find(isIt);
    if (found) return found;
  }
  throw new Error(`No mail ${what} came within ${PATIENCE / 1000} s.`);
}

/** Every address that a reader, or a machine that reads along, could follow. */
export function linksIn({ text, html }: Mail): string[] {
  const inHtml = [...html.matchAll(/href="([^"]+)"/g)].map(([, href = ""]) => href.replaceAll("&amp;", "&"));
  const inText = text.match(/https?:\/\/[^\s<>")]+/g) ?? [];
  return [...new Set([...inHtml, ...inText])].filter((link) => /^https?:/.test(link));
}
