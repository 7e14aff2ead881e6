/** What whoever looks after a connection can do about a request that went wrong. */
export function adviceFor({ status, detail }: { status: number; detail: string | null }): string {
  if (status === 409 && detail?.includes("last Administrator")) return LAST_ADMINISTRATOR;
  return (
    ADVICE[status] ?? (status >= 500 ? OURS : "Compare what the directory sends with the sentence beside it.")
  );
}

const LAST_ADMINISTRATOR =
  "Make somebody else an Administrator under Members first. The directory tries again by itself.";

const OURS = "Nothing: the directory tries again by itself. If it goes on, tell the portal’s operator.";

const ADVICE: Readonly<Record<number, string>> = {
  400: "Change in the directory’s attribute mapping what the sentence names.",
  404: "The user or group is not here any more: let the directory provision it anew.",
  405: "Nothing: the directory asked for something that there is not.",
  409: "Somebody has the name or address already. Delete and erase that account under Members, or let that person sign in by the provider and link it.",
  412: "Nothing: somebody else was quicker, and the directory reads again by itself.",
  413: "Let the directory send fewer changes at once.",
  501: "Nothing: the directory asked for something that there is not.",
};
