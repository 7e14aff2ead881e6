/** Keeps password managers from filling or saving a field that is not the credential of the person who types. */
export const unmanagedInput = {
  autoComplete: "off",
  "data-1p-ignore": true,
  "data-lpignore": "true",
  "data-bwignore": true,
} as const;
