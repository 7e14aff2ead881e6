import { describe, expect, test } from "vitest";
import { OPERATIONS } from "#lib/api/registry.ts";
import { CONNECTION_TIMES } from "#lib/boot/connection-times.ts";
import { SECOND } from "#lib/core/clock.ts";
import { deployed } from "#tests/support/deployed.ts";

const forwardAuth = OPERATIONS.find(({ path }) => path === "/forward-auth");
const HEADERS = Object.keys(forwardAuth?.headers ?? {});

const [nginx, caddy, traefik] = ["nginx-forward-auth.conf", "Caddyfile", "traefik.yml"].map((file) =>
  deployed(file, {}),
);

/** As an application may read it that writes a header's name as a variable, where each of these is the same. */
const writingsOf = (header: string) => [
  header,
  header.replaceAll("-", "_"),
  header.replace("-", "_"),
  header.replace(/-(?=[^-]*$)/, "_"),
];

describe.each(HEADERS)("what the portal says in %s (DEC17)", (header) => {
  test("is all that an application hears, whatever a client of Traefik writes in which form", () => {
    for (const writing of writingsOf(header)) expect(traefik).toContain(`\n          ${writing}: ""\n`);
  });

  test("is written by nginx over what a client writes, and handed on by Caddy", () => {
    expect(nginx).toMatch(new RegExp(`\\n        proxy_set_header ${header} \\$\\w+;`));
    expect(caddy).toMatch(new RegExp(`copy_headers .*\\b${header}\\b(?!-)`));
  });
});

test("a proxy lets go of an idle connection before the portal does, and so loses no request to it", () => {
  const seconds = [nginx, caddy].flatMap((text) =>
    [...(text ?? "").matchAll(/\bkeepalive(?:_timeout)? (\d+)s/g)].map((found) => Number(found[1])),
  );
  expect(seconds).toHaveLength(3);
  expect(Math.max(...seconds) * SECOND).toBeLessThan(CONNECTION_TIMES.keepAliveTimeout);
});
