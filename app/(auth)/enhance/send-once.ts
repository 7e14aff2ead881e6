/** After that somebody may try again: the answer has got lost, or they have stopped it. */
const LONGEST_MS = 15_000;

/** A second press sends nothing while an answer is under way, and the pressed button shows that one is. */
export function sendOnce(): void {
  const releases = new Map<HTMLFormElement, () => void>();
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post") return;
    if (releases.has(form)) return event.preventDefault();
    const { submitter } = event;
    submitter?.setAttribute("aria-disabled", "true");
    const release = () => {
      clearTimeout(longest);
      submitter?.removeAttribute("aria-disabled");
      releases.delete(form);
    };
    const longest = setTimeout(release, LONGEST_MS);
    releases.set(form, release);
  });
  // Somebody may come back to this very page as they left it.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) for (const release of releases.values()) release();
  });
}
