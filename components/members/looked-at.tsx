/** Says why a page of a chosen state may be short and still have a following one. */
export function LookedAt({ people }: { people: number | undefined }) {
  if (people === undefined) return null;
  return (
    <p className="field-hint px-5 py-3">
      These are from the next {people.toLocaleString("en-GB")} people by name. The following page goes on from
      there.
    </p>
  );
}
