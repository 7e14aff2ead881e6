type OtherWaysProps = { forgotten?: "password" | "username" };

/** Where to go from a page of recovery: back, to the other one, or to the firm's own people (000-03, 000-04). */
export function OtherWays({ forgotten }: OtherWaysProps) {
  return (
    <ul className="mt-6 grid gap-2">
      {forgotten === "username" && (
        <li>
          <a href="/forgot-username">Forgot username</a>
        </li>
      )}
      {forgotten === "password" && (
        <li>
          <a href="/forgot-password">Forgot password</a>
        </li>
      )}
      {forgotten && (
        <li>
          <a href="/no-mailbox">I cannot read that mailbox any more</a>
        </li>
      )}
      <li>
        <a href="/sign-in">Back to sign in</a>
      </li>
    </ul>
  );
}
