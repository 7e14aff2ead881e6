import { initials } from "#components/ui/avatar.tsx";

/** The firm's monogram, where it has no logo. */
export function FirmMark({ name }: { name: string }) {
  return (
    <span aria-hidden="true" className="monogram">
      {initials(name)}
    </span>
  );
}
