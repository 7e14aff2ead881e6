/** What a linked firm still asks for, as a person reads it (A3). */
export const NEEDS = {
  sign_in: { label: "Sign in there", tone: "neutral" },
  // Who signs in by SSO here may read it of another firm: no word of what they have none of (004-02).
  new_password: { label: "One step after signing in", tone: "warning" },
  second_factor: { label: "Sign in there, with your second factor", tone: "neutral" },
  identity_provider: { label: "By your identity provider", tone: "info" },
  invitation: { label: "Accept the invitation", tone: "warning" },
  access_switched_off: { label: "Access switched off", tone: "error" },
} as const;
