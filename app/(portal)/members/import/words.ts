/** Where the imports of each kind of people belong. */
export const LISTS = {
  staff: { title: "Import members", crumb: { href: "/members", label: "Members" }, people: "members" },
  contact: { title: "Import contacts", crumb: { href: "/contacts", label: "Contacts" }, people: "contacts" },
} as const;

export const STATUSES = {
  uploaded: "Waits for its columns",
  checking: "Being checked",
  checked: "Checked, not imported yet",
  running: "Being imported",
  done: "Imported",
  cancelled: "Cancelled",
} as const;

/** "1 line", "2,000 lines". */
export function lines(count: number): string {
  return count === 1 ? "1 line" : `${count.toLocaleString("en")} lines`;
}
