import type { RevokedBecause } from "#lib/members/invitations/find-invitations.ts";
import type { InvitationState } from "#lib/members/invitations/input.ts";

type Words = { label: string; tone: "neutral" | "info" | "success" | "warning" };

export const STATES: Record<InvitationState, Words> = {
  queued: { label: "On its way", tone: "neutral" },
  pending: { label: "Pending", tone: "info" },
  opened: { label: "Opened", tone: "info" },
  accepted: { label: "Accepted", tone: "success" },
  expired: { label: "Expired", tone: "warning" },
  revoked: { label: "Revoked", tone: "warning" },
};

/** Why an invitation opens nothing any more. */
export const WHY: Record<RevokedBecause, string> = {
  disabled: "The account is disabled.",
  frozen: "The account is frozen.",
  federated: "This person signs in by SSO now.",
  address: "The e-mail address has changed since, which ended the link.",
  superseded: "A newer e-mail took its place.",
  not_sent: "It was never sent.",
  taken_back: "It was taken back.",
};
