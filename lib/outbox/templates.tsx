import { createElement, type ReactElement } from "react";
import { render } from "react-email";
import Invitation, * as invitation from "#emails/invitation.tsx";
import PasswordChanged, * as passwordChanged from "#emails/password-changed.tsx";
import ResetPassword, * as resetPassword from "#emails/reset-password.tsx";
import type { Purpose } from "#lib/auth/tokens/mint-secret.ts";
import { SECRET_RULES } from "#lib/auth/tokens/mint-secret.ts";
import { DAY, MINUTE } from "#lib/core/clock.ts";

export type TemplateName = "reset-password" | "invitation" | "password-changed";

/** What a template is made from: the firm, the outbox row's facts, and the secret where it carries one. */
export type MailFacts = {
  firmName: string;
  accent: string | undefined;
  props: Record<string, string | number>;
  url: string;
  code: string | undefined;
};

type Template = {
  /** The kind of secret that the mail carries, and the page that its link opens. */
  secret?: { purpose: Purpose; path: string };
  compose: (facts: MailFacts) => { subject: string; body: ReactElement };
};

export const TEMPLATES: Record<TemplateName, Template> = {
  "reset-password": {
    secret: { purpose: "password_reset", path: "reset-password" },
    compose({ firmName, accent, url, code = "" }) {
      const expiresInMinutes = SECRET_RULES.password_reset.lifetime / MINUTE;
      const props = { firmName, accent, url, code, expiresInMinutes };
      return { subject: resetPassword.subject(props), body: createElement(ResetPassword, props) };
    },
  },
  invitation: {
    secret: { purpose: "invitation", path: "invitation" },
    compose({ firmName, accent, url }) {
      const props = { firmName, accent, url, expiresInDays: SECRET_RULES.invitation.lifetime / DAY };
      return { subject: invitation.subject(props), body: createElement(Invitation, props) };
    },
  },
  "password-changed": {
    compose({ firmName, accent, props: { at } }) {
      const props = { firmName, accent, whenText: inWords(new Date(String(at))) };
      return { subject: passwordChanged.subject(props), body: createElement(PasswordChanged, props) };
    },
  },
};

/** The subject and both bodies of a mail. */
export async function renderMail(name: TemplateName, facts: MailFacts) {
  const { subject, body } = TEMPLATES[name].compose(facts);
  const [html, text] = await Promise.all([render(body), render(body, { plainText: true })]);
  return { subject, html, text };
}

function inWords(at: Date): string {
  return `${at.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" })} UTC`;
}
