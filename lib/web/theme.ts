import "server-only";
import { cookies } from "next/headers";

export const THEMES = ["light", "dark", "system"] as const;

export type Theme = (typeof THEMES)[number];

const COOKIE = "__Host-theme";
const A_YEAR_IN_SECONDS = 365 * 24 * 3600;

/** Light, dark, or whatever the device says. */
export async function readTheme(): Promise<Theme> {
  return themeOf((await cookies()).get(COOKIE)?.value);
}

export async function setTheme(wanted: unknown): Promise<void> {
  const attributes = {
    httpOnly: true,
    secure: true,
    sameSite: "lax",
    path: "/",
    maxAge: A_YEAR_IN_SECONDS,
  } as const;
  (await cookies()).set(COOKIE, themeOf(wanted), attributes);
}

function themeOf(text: unknown): Theme {
  return THEMES.find((theme) => theme === text) ?? "system";
}
