import { createElement, type ReactElement } from "react";
import { render } from "react-email";
import AccountLinked, * as accountLinked from "#emails/account-linked.tsx";
import AddressChanged, * as addressChanged from "#emails/address-changed.tsx";
import AddressHeld, * as addressHeld from "#emails/address-held.tsx";
import AddressMoved, * as addressMoved from "#emails/address-moved.tsx";
import ApiTokenGenerated, * as apiTokenGenerated from "#emails/api-token-generated.tsx";
import BreakGlassArmed, * as breakGlassArmed from "#emails/break-glass-armed.tsx";
import BreakGlassUsed, * as breakGlassUsed from "#emails/break-glass-used.tsx";
import ConfirmEmail, * as confirmEmail from "#emails/confirm-email.tsx";
import ConfirmFactorReset, * as confirmFactorReset from "#emails/confirm-factor-reset.tsx";
import EmailMoved, * as emailMoved from "#emails/email-moved.tsx";
import FactorChanged, * as factorChanged from "#emails/factor-changed.tsx";
import FactorResetHeld, * as factorResetHeld from "#emails/factor-reset-held.tsx";
import FirmLink, * as firmLink from "#emails/firm-link.tsx";
import Invitation, * as invitation from "#emails/invitation.tsx";
import NewSignIn, * as newSignIn from "#emails/new-sign-in.tsx";
import PasswordChanged, * as passwordChanged from "#emails/password-changed.tsx";
import PasswordExpires, * as passwordExpires from "#emails/password-expires.tsx";
import PasswordSet, * as passwordSet from "#emails/password-set.tsx";
import PasswordSetForSomebody, * as passwordSetForSomebody from "#emails/password-set-for-somebody.tsx";
import ResetPassword, * as resetPassword from "#emails/reset-password.tsx";
import SessionsEnded, * as sessionsEnded from "#emails/sessions-ended.tsx";
import SignInBySso, * as signInBySso from "#emails/sign-in-by-sso.tsx";
import SignInCopied, * as signInCopied from "#emails/sign-in-copied.tsx";
import SsoAlertMail, * as ssoAlert from "#emails/sso-alert.tsx";
import SsoEnded, * as ssoEnded from "#emails/sso-ended.tsx";
import SsoEnforced, * as ssoEnforced from "#emails/sso-enforced.tsx";
import SsoLifted, * as ssoLifted from "#emails/sso-lifted.tsx";
import SsoSetup, * as ssoSetup from "#emails/sso-setup.tsx";
import TemporaryPassword, * as temporaryPassword from "#emails/temporary-password.tsx";
import YourUsername, * as yourUsername from "#emails/your-username.tsx";
import { type MintedSecret, type Purpose, SECRET_RULES } from "#lib/auth/tokens/mint-secret.ts";
import { DAY, HOUR, MINUTE } from "#lib/core/clock.ts";
import { sayMoment } from "#lib/core/say-moment.ts";

export type { FactorChange } from "#emails/factor-changed.tsx";

export type TemplateName =
  | "reset-password"
  | "temporary-password"
  | "invitation"
  | "your-username"
  | "sign-in-by-sso"
  | "password-changed"
  | "password-set"
  | "password-set-for-somebody"
  | "new-sign-in"
  | "sign-in-copied"
  | "sessions-ended"
  | "api-token-generated"
  | "password-expires"
  | "factor-changed"
  | "account-linked"
  | "confirm-factor-reset"
  | "factor-reset-held"
  | "address-held"
  | "confirm-email"
  | "email-moved"
  | "firm-link"
  | "address-moved"
  | "address-changed"
  | "sso-alert"
  | "sso-ended"
  | "sso-setup"
  | "sso-enforced"
  | "sso-lifted"
  | "break-glass-armed"
  | "break-glass-used";

/** What a template is made from: the firm, the outbox row's facts, and the secret where it carries one. */
export type MailFacts = {
  firmName: string;
  accent: string | undefined;
  props: Record<string, string | number>;
  url: string;
  secret: MintedSecret | undefined;
  /** The reader's. Undefined beside a secret, unless the firm wants it there (X6). */
  username: string | undefined;
};

type Template = {
  /** The kind of secret that the mail carries. */
  purpose?: Purpose;
  /** A secret that is no member's, and lies elsewhere: of the set-up link that `subjectId` names. */
  mints?: "setup_link";
  /** The page of the firm that the mail's link opens. */
  page: string;
  /** Whether the secret is typed at that page, so that the link is without it. */
  typed?: boolean;
  compose: (facts: MailFacts) => { subject: string; body: ReactElement };
};

export const TEMPLATES: Record<TemplateName, Template> = {
  "reset-password": {
    purpose: "password_reset",
    page: "reset-password",
    compose({ firmName, accent, url, secret, username }) {
      const expiresInMinutes = SECRET_RULES.password_reset.lifetime / MINUTE;
      const props = { firmName, accent, url, code: secret?.code, expiresInMinutes, username };
      return { subject: resetPassword.subject(props), body: createElement(ResetPassword, props) };
    },
  },
  "temporary-password": {
    purpose: "temporary_password",
    page: "sign-in",
    typed: true,
    compose({ firmName, accent, url, secret, username }) {
      const expiresInHours = SECRET_RULES.temporary_password.lifetime / HOUR;
      const token = secret?.token ?? "";
      const props = { firmName, accent, url, temporaryPassword: token, expiresInHours, username };
      return { subject: temporaryPassword.subject(props), body: createElement(TemporaryPassword, props) };
    },
  },
  invitation: {
    purpose: "invitation",
    page: "invitation",
    compose({ firmName, accent, url, username }) {
      const expiresInDays = SECRET_RULES.invitation.lifetime / DAY;
      const props = { firmName, accent, url, expiresInDays, username };
      return { subject: invitation.subject(props), body: createElement(Invitation, props) };
    },
  },
  "your-username": {
    page: "sign-in",
    compose({ firmName, accent, url, username = "" }) {
      const props = { firmName, accent, url, username };
      return { subject: yourUsername.subject(props), body: createElement(YourUsername, props) };
    },
  },
  "sign-in-by-sso": {
    page: "",
    compose({ firmName, accent, props: { provider = "" } }) {
      const props = { firmName, accent, provider: String(provider) };
      return { subject: signInBySso.subject(props), body: createElement(SignInBySso, props) };
    },
  },
  "password-changed": {
    purpose: "freeze",
    page: "not-me",
    compose(facts) {
      const props = { ...noticeOf(facts), whenText: inWords(facts.props.at) };
      return { subject: passwordChanged.subject(props), body: createElement(PasswordChanged, props) };
    },
  },
  "password-set": {
    purpose: "freeze",
    page: "not-me",
    compose(facts) {
      const props = { ...noticeOf(facts), whenText: inWords(facts.props.at), goodForHours: GOOD_FOR_HOURS };
      return { subject: passwordSet.subject(props), body: createElement(PasswordSet, props) };
    },
  },
  "password-set-for-somebody": {
    page: "",
    compose({ firmName, accent, props: { name, at } }) {
      const when = { whenText: inWords(at), goodForHours: GOOD_FOR_HOURS };
      const props = { firmName, accent, personName: String(name), ...when };
      const body = createElement(PasswordSetForSomebody, props);
      return { subject: passwordSetForSomebody.subject(props), body };
    },
  },
  "new-sign-in": {
    purpose: "freeze",
    page: "not-me",
    compose(facts) {
      const { at, browser, address } = facts.props;
      const where = { browserText: String(browser), addressText: String(address) };
      const props = { ...noticeOf(facts), whenText: inWords(at), ...where };
      return { subject: newSignIn.subject(props), body: createElement(NewSignIn, props) };
    },
  },
  "sign-in-copied": {
    purpose: "freeze",
    page: "not-me",
    compose(facts) {
      const props = { ...noticeOf(facts), whenText: inWords(facts.props.at) };
      return { subject: signInCopied.subject(props), body: createElement(SignInCopied, props) };
    },
  },
  "sessions-ended": {
    page: "sign-in",
    compose({ firmName, accent, url, props: { at } }) {
      const props = { firmName, accent, url, whenText: inWords(at) };
      return { subject: sessionsEnded.subject(props), body: createElement(SessionsEnded, props) };
    },
  },
  "api-token-generated": {
    page: "",
    compose({ firmName, accent, props: { at } }) {
      const props = { firmName, accent, whenText: inWords(at) };
      return { subject: apiTokenGenerated.subject(props), body: createElement(ApiTokenGenerated, props) };
    },
  },
  "password-expires": {
    page: "account/password",
    compose({ firmName, accent, url, props: { days, at } }) {
      const props = { firmName, accent, url, days: Number(days), whenText: inWords(at) };
      return { subject: passwordExpires.subject(props), body: createElement(PasswordExpires, props) };
    },
  },
  "factor-changed": {
    purpose: "freeze",
    page: "not-me",
    compose(facts) {
      const { at, change, codesLeft = 0 } = facts.props;
      const what = { change: change as factorChanged.FactorChange, codesLeft: Number(codesLeft) };
      const props = { ...noticeOf(facts), ...what, whenText: inWords(at) };
      return { subject: factorChanged.subject(props), body: createElement(FactorChanged, props) };
    },
  },
  "account-linked": {
    purpose: "freeze",
    page: "not-me",
    compose(facts) {
      const { at, connection } = facts.props;
      const props = { ...noticeOf(facts), connectionName: String(connection), whenText: inWords(at) };
      return { subject: accountLinked.subject(props), body: createElement(AccountLinked, props) };
    },
  },
  "sso-ended": {
    purpose: "freeze",
    page: "not-me",
    compose(facts) {
      const { at, connection } = facts.props;
      const props = { ...noticeOf(facts), connectionName: String(connection), whenText: inWords(at) };
      return { subject: ssoEnded.subject(props), body: createElement(SsoEnded, props) };
    },
  },
  "confirm-factor-reset": {
    purpose: "factor_reset",
    page: "lost-device",
    compose({ firmName, accent, url, secret }) {
      const expiresInMinutes = SECRET_RULES.factor_reset.lifetime / MINUTE;
      const props = { firmName, accent, url, code: secret?.code ?? "", expiresInMinutes };
      return { subject: confirmFactorReset.subject(props), body: createElement(ConfirmFactorReset, props) };
    },
  },
  "factor-reset-held": {
    purpose: "factor_hold",
    page: "factor-hold",
    compose({ firmName, accent, url, secret, props: { at } }) {
      const props = { firmName, accent, url, code: secret?.code ?? "", whenText: inWords(at) };
      return { subject: factorResetHeld.subject(props), body: createElement(FactorResetHeld, props) };
    },
  },
  "address-held": {
    purpose: "address_hold",
    page: "address-hold",
    compose({ firmName, accent, url, secret, props: { at } }) {
      const props = { firmName, accent, url, code: secret?.code ?? "", whenText: inWords(at) };
      return { subject: addressHeld.subject(props), body: createElement(AddressHeld, props) };
    },
  },
  "confirm-email": {
    purpose: "email_change",
    page: "confirm-email",
    compose({ firmName, accent, url, secret }) {
      const expiresInHours = SECRET_RULES.email_change.lifetime / HOUR;
      const props = { firmName, accent, url, code: secret?.code ?? "", expiresInHours };
      return { subject: confirmEmail.subject(props), body: createElement(ConfirmEmail, props) };
    },
  },
  "email-moved": {
    purpose: "email_undo",
    page: "email-undo",
    compose({ firmName, accent, url, secret }) {
      const expiresInDays = SECRET_RULES.email_undo.lifetime / DAY;
      const props = { firmName, accent, url, code: secret?.code ?? "", expiresInDays };
      return { subject: emailMoved.subject(props), body: createElement(EmailMoved, props) };
    },
  },
  "firm-link": {
    purpose: "firm_link",
    page: "firm-link",
    compose({ firmName, accent, url, secret, props: { name } }) {
      const expiresInHours = SECRET_RULES.firm_link.lifetime / HOUR;
      const code = secret?.code ?? "";
      const props = { firmName, accent, url, code, askingFirm: String(name), expiresInHours };
      return { subject: firmLink.subject(props), body: createElement(FirmLink, props) };
    },
  },
  "address-changed": {
    page: "sign-in",
    compose({ firmName, accent, url }) {
      const props = { firmName, accent, url };
      return { subject: addressChanged.subject(props), body: createElement(AddressChanged, props) };
    },
  },
  "sso-enforced": {
    page: "",
    compose({ firmName, accent, props: { provider = "", at, begins } }) {
      const when = { fromText: inWords(at), atOnce: begins === "at_once" };
      const props = { firmName, accent, provider: String(provider), ...when };
      return { subject: ssoEnforced.subject(props), body: createElement(SsoEnforced, props) };
    },
  },
  "sso-lifted": {
    page: "",
    compose({ firmName, accent, props: { name, at } }) {
      const props = { firmName, accent, personName: String(name), whenText: inWords(at) };
      return { subject: ssoLifted.subject(props), body: createElement(SsoLifted, props) };
    },
  },
  "break-glass-armed": {
    page: "",
    compose({ firmName, accent, props: { name, proposer, armedBy, at } }) {
      const people = {
        personName: String(name),
        proposerName: String(proposer),
        armedByName: String(armedBy),
      };
      const props = { firmName, accent, ...people, untilText: inWords(at) };
      return { subject: breakGlassArmed.subject(props), body: createElement(BreakGlassArmed, props) };
    },
  },
  "break-glass-used": {
    page: "",
    compose({ firmName, accent, props: { name, at } }) {
      const props = { firmName, accent, personName: String(name), whenText: inWords(at) };
      return { subject: breakGlassUsed.subject(props), body: createElement(BreakGlassUsed, props) };
    },
  },
  "address-moved": {
    page: "",
    compose({ firmName, accent }) {
      const props = { firmName, accent };
      return { subject: addressMoved.subject(props), body: createElement(AddressMoved, props) };
    },
  },
  "sso-alert": {
    page: "settings/sso",
    compose({ firmName, accent, url, props: { alert, name, at, days = 0, domain = "" } }) {
      const what = { alert: alert as ssoAlert.SsoAlert, connectionName: String(name), whenText: inWords(at) };
      const props = { firmName, accent, url, ...what, days: Number(days), domain: String(domain) };
      return { subject: ssoAlert.subject(props), body: createElement(SsoAlertMail, props) };
    },
  },
  "sso-setup": {
    mints: "setup_link",
    page: "sso/setup",
    compose({ firmName, accent, url, props: { name, at } }) {
      const props = { firmName, accent, url, connectionName: String(name), untilText: inWords(at) };
      return { subject: ssoSetup.subject(props), body: createElement(SsoSetup, props) };
    },
  },
};

/** Notices by which their reader can say "this wasn't me". */
export const NOTICES_TO_FREEZE_BY = (Object.keys(TEMPLATES) as TemplateName[]).filter(
  (name) => TEMPLATES[name].purpose === "freeze",
);

/** The subject and both bodies of a mail. */
export async function renderMail(name: TemplateName, facts: MailFacts) {
  const { subject, body } = TEMPLATES[name].compose(facts);
  const [html, text] = await Promise.all([render(body), render(body, { plainText: true })]);
  return { subject, html, text };
}

/** A password that an administrator has typed is as temporary as one that is mailed. */
const GOOD_FOR_HOURS = SECRET_RULES.temporary_password.lifetime / HOUR;

function noticeOf({ firmName, accent, url, secret }: MailFacts) {
  return {
    firmName,
    accent,
    url,
    code: secret?.code ?? "",
    expiresInDays: SECRET_RULES.freeze.lifetime / DAY,
  };
}

function inWords(at: string | number | undefined): string {
  const moment = new Date(String(at));
  const date = sayMoment(moment, { dateStyle: "long", timeZone: "UTC" });
  const time = sayMoment(moment, { timeStyle: "short", timeZone: "UTC" });
  return `${date} at ${time} UTC`;
}
