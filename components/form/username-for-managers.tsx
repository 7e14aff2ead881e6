/** Tells password managers whose password a form changes, where the name itself is not asked for. */
export function UsernameForManagers({ username }: { username: string }) {
  return <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />;
}
