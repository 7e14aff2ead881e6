import { freePort } from "#lib/boot/ports.mjs";
import { serverAccount } from "#lib/boot/postgres/account.mjs";
import { deployed, type Program, startProgram } from "./deployed.ts";

/** Ports of the portal and of the application that it guards. */
type Behind = { portal: number; application: number };

/** Debian's nginx with the configuration of `deploy/`. */
export async function startNginx(program: string, behind: Behind): Promise<Program> {
  const port = await freePort();
  const config = deployed("nginx-forward-auth.conf", {
    "listen 80;": `listen 127.0.0.1:${port};`,
    ".portal.example.com": ".portal.localhost",
    "/var/log/nginx/portal.log": "portal.log",
    ...portsOf(behind),
  });
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${name};`,
  );
  const main = `daemon off; pid nginx.pid; error_log stderr; events {}
    http { ${temporary.join(" ")} include portal.conf; }`;
  return startProgram({
    program,
    files: { "nginx.conf": main, "portal.conf": config },
    args: (dir) => ["-p", dir, "-c", "nginx.conf", "-e", "stderr"],
    port,
    account: serverAccount(),
  });
}

/** Debian's Caddy with the configuration of `deploy/`. */
export async function startCaddy(program: string, behind: Behind): Promise<Program> {
  const port = await freePort();
  const sites = deployed("Caddyfile", {
    "http://*.portal.example.com": `http://*.portal.localhost:${port}`,
    "http://portal.example.com": `http://portal.localhost:${port}`,
    ...portsOf(behind),
  });
  const here = "{\n\tadmin off\n\tauto_https off\n\tdefault_bind 127.0.0.1\n}\n";
  const files = { Caddyfile: here + sites };
  return startProgram({ program, files, args: () => ["run", "--config", "Caddyfile"], port });
}

const portsOf = ({ portal, application }: Behind) => ({
  "127.0.0.1:3000": `127.0.0.1:${portal}`,
  "127.0.0.1:3001": `127.0.0.1:${portal}`,
  "127.0.0.1:8080": `127.0.0.1:${application}`,
});
