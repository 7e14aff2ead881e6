import type { RunContext } from "#lib/core/command.ts";
import type { Member } from "#lib/members/find-member.ts";
import { shortSource } from "#lib/members/short-source.ts";
import type { Mail } from "#lib/outbox/enqueue-email.ts";
import { browserName } from "./browser-name.ts";

/** What tells a member of a sign-in in a browser that was not known, with a way to say that it was somebody else (UX49). */
export function noticeOfNewBrowser({ now, origin }: RunContext, { id, emailKey }: Member): Mail {
  return {
    template: "new-sign-in",
    memberId: id,
    toAddress: emailKey ?? undefined,
    props: {
      at: now.toISOString(),
      browser: browserName(origin.userAgent),
      address: shortSource(origin.source),
    },
  };
}
