"use client";

import { createAuthClient } from "better-auth/react";

const client = createAuthClient();

export function SignInForm() {
  const signIn = (form) => client.signIn.email({ email: form.get("email"), password: form.get("password") });
  return (
    <form action={signIn}>
      <label>
        E-mail <input name="email" type="email" required />
      </label>
      <label>
        Password <input name="password" type="password" required />
      </label>
      <button type="submit">Sign in</button>
    </form>
  );
}
