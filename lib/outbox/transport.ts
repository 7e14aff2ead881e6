import { createTransport, type Transporter } from "nodemailer";
import { SECOND } from "#lib/core/clock.ts";
import { env } from "#lib/core/env.ts";
import { processSingleton } from "#lib/core/process.ts";
import { emailKey } from "#lib/members/identifier.ts";

export type OutgoingMail = {
  messageId: string;
  firmSlug: string;
  firmName: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  date: Date;
};

/** The server took the mail, will never take it (5xx: DEC26 calls that bounced), or may take it later. */
export type Delivery = { outcome: "sent" } | { outcome: "refused" | "later"; error: string };

/**
 * Hands one mail to the SMTP server. The envelope is set here, from a canonical address that is judged once more,
 * and never from a header (INC5). The same mail gives the same bytes.
 */
export async function sendMail(mail: OutgoingMail): Promise<Delivery> {
  const to = emailKey(mail.to);
  if (!to) return { outcome: "refused", error: "The stored address is not one that mail may be sent to." };
  const from = env().MAIL_FROM;
  try {
    await transport().sendMail({
      envelope: { from, to: [to] },
      from: { name: mail.firmName, address: from },
      to: { name: "", address: to },
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      date: mail.date,
      messageId: mail.messageId,
      headers: { "Auto-Submitted": "auto-generated", "X-Portal-Firm": mail.firmSlug },
    });
    return { outcome: "sent" };
  } catch (error) {
    return failureOf(error);
  }
}

function transport(): Transporter {
  return processSingleton("smtp", () =>
    createTransport({
      // Beside the address, not after it: a second argument would be taken for defaults of the mails.
      url: env().SMTP_URL,
      disableFileAccess: true,
      disableUrlAccess: true,
      connectionTimeout: 10 * SECOND,
      greetingTimeout: 10 * SECOND,
      socketTimeout: 20 * SECOND,
    } as object),
  );
}

function failureOf(error: unknown): Delivery {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message: string };
  // That our own login is refused says nothing about the recipient, and an operator can mend it.
  const permanent = code !== "EAUTH" && responseCode !== undefined && responseCode >= 500;
  return { outcome: permanent ? "refused" : "later", error: message.slice(0, 300) };
}
