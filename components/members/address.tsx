/** An e-mail address in a list, which may be broken behind its @. */
export function Address({ address }: { address: string | null | undefined }) {
  if (!address) return "No address";
  const at = address.lastIndexOf("@") + 1;
  return (
    <span className="whole-words">
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </span>
  );
}
