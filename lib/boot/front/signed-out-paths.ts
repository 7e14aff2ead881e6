/**
 * The pages that are sent without the framework (PERF7). Not among them are those that React works on: setting up a second
 * factor, whose recovery codes are shown in the form that made them, and the settings of a connection that a firm's own people
 * fill in.
 */
export const WITHOUT_FRAMEWORK: ReadonlySet<string> = new Set([
  "/sign-in",
  "/forgot-password",
  "/forgot-username",
  "/no-mailbox",
  "/reset-password",
  "/invitation",
  "/change-password",
  "/second-factor",
  "/second-factor/lost",
  "/not-me",
  "/address-hold",
  "/lost-device",
  "/factor-hold",
  "/confirm-email",
  "/email-undo",
  "/firm-link",
  "/sso/failed",
  "/sso/link",
]);
