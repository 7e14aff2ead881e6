/** Lines to copy. They wrap rather than scroll: nothing is out of sight on a small screen. */
export function Code({ children }: { children: string }) {
  return (
    <pre className="wrap-anywhere whitespace-pre-wrap rounded-md bg-surface-sunken p-3 font-mono text-sm">
      <code>{children}</code>
    </pre>
  );
}
