import { readFileSync } from "node:fs";

/** The value of a token as globals.css has it for a theme. */
export function token(theme: "light" | "dark", name: string) {
  const css = readFileSync(new URL("../../../app/globals.css", import.meta.url), "utf8");
  const [light = "", dark = ""] = css.slice(css.indexOf(":root {")).split("@variant theme-dark");
  const value = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(theme === "dark" ? dark : light)?.[1];
  if (!value) throw new Error(`globals.css has no ${theme} --${name}`);
  return value;
}
