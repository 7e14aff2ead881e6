/** What a linked firm still asks for, as a person reads it (A3). */
export const NEEDS = {
  sign_in: { label: "Sign in there", tone: "neutral" },
  new_password: { label: "Choose a new password", tone: "warning" },
  identity_provider: { label: "By your identity provider", tone: "info" },
  invitation: { label: "Accept the invitation", tone: "warning" },
  access_switched_off: { label: "Access switched off", tone: "error" },
} as const;
