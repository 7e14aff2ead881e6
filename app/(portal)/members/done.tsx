import { Notice } from "#components/ui/notice.tsx";

/** What has just been done to an account, by what stands in the address. */
export function Done({ done }: { done: string | string[] | undefined }) {
  const words = typeof done === "string" && Object.hasOwn(DONE, done) ? DONE[done] : undefined;
  if (!words) return null;
  return (
    <Notice tone="success" role="status">
      {words}
    </Notice>
  );
}

const DONE: Record<string, string> = {
  deleted: "The account is deleted. It stands under “Deleted”, and can be restored.",
  erased: "What was kept about this person is erased.",
  created: "The account is there.",
  invited: "The account is there, and the invitation is on its way.",
  "not-invited":
    "The account is there. No invitation was sent: this address has had too many e-mails lately.",
  restored: "The account is restored. It stays disabled until somebody enables it.",
  saved: "The changes are saved.",
  off: "Access is switched off. Whatever was open has ended.",
  on: "Access is switched on again, as it was.",
  unlinked: "Single sign-on has ended for this account. Send its owner a way in from below.",
  unlocked: "The account is unlocked.",
  opened: "The account is open again. A mail with a way in is on its way to its owner.",
  "opened-without-mail": "The account is open again. No mail could be sent to its owner.",
};
