import { afterEach, describe, expect, test } from "vitest";
import { discover } from "#lib/auth/sso/oidc/discover.ts";
import { type Answering, aLoopbackServer } from "#tests/support/loopback-server.ts";

const open: { close: () => Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function aServer(answering: Answering): Promise<string> {
  const server = await aLoopbackServer(answering);
  open.push(server);
  return server.origin;
}

type Description = Record<string, unknown>;

const described = (issuer: string): Description => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  userinfo_endpoint: `${issuer}/userinfo`,
  end_session_endpoint: `${issuer}/logout`,
  authorization_response_iss_parameter_supported: true,
  response_types_supported: ["code", "id_token"],
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: ["private_key_jwt", "client_secret_post"],
  id_token_signing_alg_values_supported: ["none", "HS256", "RS256", "ES256"],
});

/** What comes of a provider that describes itself with these differences. */
async function discovered(changes: Description, asked = (issuer: string) => issuer) {
  const origin = await aServer(({ url, headers }, response) => {
    const issuer = `http://${headers.host}/firm`;
    if (url !== "/firm/.well-known/openid-configuration") return response.writeHead(404).end();
    return response.end(JSON.stringify({ ...described(issuer), ...changes }));
  });
  return discover(asked(`${origin}/firm`)).catch(({ code }) => code as string);
}

test("a provider's own description gives what a connection needs, and its safe algorithms alone (G1, G3)", async () => {
  const found = await discovered({});
  const issuer = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/firm$/);
  const at = (path: string) => expect.stringMatching(new RegExp(`/firm/${path}$`));
  expect(found).toEqual({
    issuer,
    authorizationEndpoint: at("authorize"),
    tokenEndpoint: at("token"),
    jwksUri: at("jwks"),
    userinfoEndpoint: at("userinfo"),
    endSessionEndpoint: at("logout"),
    issInAnswers: true,
    tokenAuth: "client_secret_post",
    algorithms: ["RS256", "ES256"],
  });
});

test("what it leaves out is what the specification says, and neither userinfo nor logout is a must", async () => {
  const found = await discovered({
    userinfo_endpoint: undefined,
    end_session_endpoint: undefined,
    authorization_response_iss_parameter_supported: undefined,
    code_challenge_methods_supported: undefined,
    token_endpoint_auth_methods_supported: undefined,
    id_token_signing_alg_values_supported: undefined,
  });
  expect(found).toMatchObject({
    issInAnswers: false,
    tokenAuth: "client_secret_basic",
    algorithms: ["RS256"],
  });
  expect(found).not.toHaveProperty("userinfoEndpoint");
});

describe("a description that is not right is refused with its reason (SEC65, SEC69)", () => {
  test.each<[string, Description, string]>([
    ["of another issuer", { issuer: "https://other.example" }, "other_issuer"],
    ["of an issuer that differs by a slash", { issuer: "http://127.0.0.1/firm/" }, "other_issuer"],
    ["without an issuer", { issuer: undefined }, "malformed"],
    ["with an issuer that is a list", { issuer: ["https://other.example"] }, "malformed"],
    ["without a token endpoint", { token_endpoint: undefined }, "incomplete"],
    ["without keys", { jwks_uri: undefined }, "incomplete"],
    ["that fetches its keys from loopback", { jwks_uri: "https://127.0.0.1/jwks" }, "forbidden_endpoint"],
    [
      "that fetches its keys from a metadata service",
      { jwks_uri: "http://169.254.169.254/" },
      "forbidden_endpoint",
    ],
    ["with a script for an address", { authorization_endpoint: "javascript:alert(1)" }, "forbidden_endpoint"],
    ["whose logout is plain http", { end_session_endpoint: "http://idp.example/" }, "forbidden_endpoint"],
    ["without the code flow", { response_types_supported: ["id_token"] }, "no_code_flow"],
    ["with plain PKCE alone", { code_challenge_methods_supported: ["plain"] }, "no_pkce"],
    [
      "that signs with shared secrets or not at all",
      { id_token_signing_alg_values_supported: ["none", "HS256"] },
      "no_algorithm",
    ],
    ["that wants no secret", { token_endpoint_auth_methods_supported: ["none"] }, "no_client_secret"],
  ])("%s", async (_, changes, code) => {
    expect(await discovered(changes)).toBe(code);
  });

  test.each<[string, (issuer: string) => string, string]>([
    ["an address without a description", (issuer) => `${issuer}/elsewhere`, "not_found"],
    ["an issuer with a query", (issuer) => `${issuer}?x=1`, "malformed_issuer"],
    ["an issuer with an empty fragment", (issuer) => `${issuer}#`, "malformed_issuer"],
    ["a slash more than the issuer has", (issuer) => `${issuer}/`, "other_issuer"],
    ["a private network", () => "https://10.0.0.1/firm", "forbidden_address"],
  ])("%s", async (_, asked, code) => {
    expect(await discovered({}, asked)).toBe(code);
  });

  test.each<[string, Answering, string]>([
    ["what is no JSON", (_, response) => response.end("<html>"), "malformed"],
    ["JSON that is no object", (_, response) => response.end("[]"), "malformed"],
    ["nothing acceptable", (_, response) => response.writeHead(406).end(), "not_found"],
    ["a way elsewhere", (_, response) => response.writeHead(302, { location: "/" }).end(), "redirected"],
    ["more than anybody reads", (_, response) => response.end(" ".repeat(600_000)), "too_large"],
  ])("%s", async (_, answering, code) => {
    const origin = await aServer(answering);
    expect(await discover(origin).catch((error) => error.code)).toBe(code);
  });
});
